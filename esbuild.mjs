// Bundles the product into dist/: node esbuild.mjs [sandbox]
import { writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { notices } from './scripts/lib/notices.mjs'

const node = { platform: 'node', format: 'cjs', target: 'node22' } // the oldest Node that VS Code 1.116 brings

/** Start and engine are apart, so that activation loads neither HTTP client nor parser. */
const EXTENSION = {
  'dist/extension.cjs': { ...node, entryPoints: ['src/extension/extension.ts'], external: ['vscode'] },
  'dist/engine.cjs': { ...node, entryPoints: ['src/node/engine/worker.ts'] },
  'dist/renderer.js': { platform: 'browser', format: 'esm', target: 'es2022', entryPoints: ['src/renderer/main.ts'] },
}

/** The instance in miniature: a process of its own, under VS Code's Node or another one with `node:sqlite`. */
const SANDBOX = {
  // oidc-provider tells its models apart by the names of their classes
  'dist/sandbox.cjs': { ...node, keepNames: true, entryPoints: ['src/sandbox/main.ts'] },
}

/** @param {Record<string, import('esbuild').BuildOptions>} bundles by their files */
async function bundle(bundles) {
  const results = await Promise.all(Object.entries(bundles).map(([outfile, options]) => build({
    ...options,
    outfile,
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    metafile: true,
    legalComments: 'none', // their texts are in the notices
    logLevel: 'warning',
  })))
  return {
    inputs: Object.assign({}, ...results.map(({ metafile }) => metafile.inputs)),
    outputs: Object.assign({}, ...results.map(({ metafile }) => metafile.outputs)),
  }
}

if (process.argv[2] === 'sandbox') {
  await bundle(SANDBOX)
} else {
  const shipped = await bundle({ ...EXTENSION, ...SANDBOX })
  await writeFile('dist/meta.json', JSON.stringify(shipped))
  await writeFile('dist/THIRD_PARTY_NOTICES.md', await notices(shipped.inputs))
}
