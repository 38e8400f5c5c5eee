// Bundles the product into dist/: node esbuild.mjs [sandbox]
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { build, transform } from 'esbuild'
import { notices } from './scripts/lib/notices.mjs'

const node = { platform: 'node', format: 'cjs', target: 'node22' } // the oldest Node that VS Code 1.116 brings

/** Apart from the start, so that activation loads neither HTTP client nor parser. */
const EXTENSION = {
  'dist/engine.cjs': { ...node, entryPoints: ['src/node/engine/worker.ts'] },
  'dist/renderer.js': { platform: 'browser', format: 'esm', target: 'es2022', entryPoints: ['src/renderer/main.ts'] },
}

/** The instance in miniature: a process of its own, under VS Code's Node or another one with `node:sqlite`. */
const SANDBOX = {
  // oidc-provider tells its models apart by the names of their classes
  'dist/sandbox.cjs': { ...node, keepNames: true, entryPoints: ['src/sandbox/main.ts'] },
}

const common = {
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: 'none', // their texts are in the notices
  logLevel: 'warning',
}

/** @param {Record<string, import('esbuild').BuildOptions>} bundles by their files */
function bundle(bundles) {
  return Promise.all(Object.entries(bundles).map(([outfile, options]) =>
    build({ ...common, ...options, outfile, sourcemap: 'linked' })))
}

/**
 * What the extension host runs: `extension.cjs`, and `later/` with what features share or are loaded with when they are
 * first used. esbuild splits ES modules alone, so each piece is made CommonJS afterwards.
 */
async function bundleShell() {
  const result = await build({
    ...common,
    ...node,
    format: 'esm',
    splitting: true,
    entryPoints: ['src/extension/extension.ts'],
    external: ['vscode'],
    outdir: 'dist',
    chunkNames: 'later/[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    sourcemap: 'inline', // for the second step, which makes the one that is kept
    write: false,
  })
  await rm('dist/later', { recursive: true, force: true })
  await Promise.all(result.outputFiles.map(toCommonJs))
  return result
}

async function toCommonJs({ path, text }) {
  const name = basename(path)
  const { code, map } = await transform(text, {
    ...node,
    minify: true,
    sourcemap: 'external',
    sourcefile: name,
    supported: { 'dynamic-import': false }, // VS Code gives its API to `require` alone
  })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${code}//# sourceMappingURL=${name}.map\n`)
  await writeFile(`${path}.map`, map)
}

if (process.argv[2] === 'sandbox') {
  await bundle(SANDBOX)
} else {
  const results = [await bundleShell(), ...await bundle({ ...EXTENSION, ...SANDBOX })]
  const [inputs, outputs] = ['inputs', 'outputs'].map(part => Object.assign({}, ...results.map(({ metafile }) => metafile[part])))
  await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }))
  await writeFile('dist/THIRD_PARTY_NOTICES.md', await notices(inputs))
}
