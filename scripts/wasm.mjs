// node scripts/wasm.mjs
// Compiles each NAME.wat of src/core/execute into NAMEWasm.ts beside it, which is kept in the repository: what runs the
// source as it is needs no compiler. A unit test fails where the two differ.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import wabt from 'wabt'
import { root } from './lib/run.mjs'

const folder = join(root, 'src/core/execute')

/** By their files, the texts of the modules that hold the compiled bytes. */
export async function compileAll() {
  const { parseWat } = await wabt()
  return new Map(['rows', 'fields'].map(name => [join(folder, `${name}Wasm.ts`), compile(parseWat, name)]))
}

function compile(parseWat, name) {
  const source = join(folder, `${name}.wat`)
  const module = parseWat(source, readFileSync(source, 'latin1'), { simd: true, bulk_memory: true })
  try {
    module.validate()
    const bytes = Buffer.from(module.toBinary({}).buffer).toString('base64')
    return `/** What ${name}.wat compiles to, in Base64; made by scripts/wasm.mjs. */\nexport const ${name.toUpperCase()}_WASM =\n  '${bytes}'\n`
  } finally {
    module.destroy()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, text] of await compileAll()) writeFileSync(file, text)
}
