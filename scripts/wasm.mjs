// node scripts/wasm.mjs
// Compiles src/core/execute/rows.wat into rowsWasm.ts beside it, which is kept in the repository: what runs the source
// as it is needs no compiler. A unit test fails where the two differ.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import wabt from 'wabt'
import { root } from './lib/run.mjs'

const source = join(root, 'src/core/execute/rows.wat')
export const compiled = join(root, 'src/core/execute/rowsWasm.ts')

/** The text of the module that holds the compiled bytes. */
export async function compile() {
  const { parseWat } = await wabt()
  const module = parseWat(source, readFileSync(source, 'latin1'), { simd: true, bulk_memory: true })
  try {
    module.validate()
    const { buffer } = module.toBinary({})
    return `/** What rows.wat compiles to, in Base64; made by scripts/wasm.mjs. */\nexport const ROWS_WASM =\n  '${Buffer.from(buffer).toString('base64')}'\n`
  } finally {
    module.destroy()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(compiled, await compile())
