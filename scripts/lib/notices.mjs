import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './run.mjs'

/** Packages under the MIT licence that come without its text, and the copyright line of their repositories. */
const MIT_WITHOUT_TEXT = { 'koa-compose': 'Copyright (c) 2013 TJ Holowaychuk' }

/**
 * The names, versions and licences of all packages that went into the bundles, as Markdown.
 * @param {Record<string, unknown>} inputs of esbuild's metafile: files by their path from the root
 * @returns {Promise<string>}
 * @throws where a package brings no licence text: such a one can't be shipped
 */
export async function notices(inputs) {
  const folders = new Set(Object.keys(inputs).map(packageFolder).filter(folder => folder !== undefined))
  const sections = await Promise.all([...folders].sort().map(section))
  return ['# Notices of bundled libraries', ...sections].join('\n\n') + '\n'
}

async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const text = (await licenceText(folder, name)).trim()
  return `## ${name} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\``
}

async function licenceText(folder, name) {
  const file = (await readdir(folder)).find(entry => /^(licen[cs]e|copying)/i.test(entry))
  if (file !== undefined) return readFile(join(folder, file), 'utf8')
  const copyright = MIT_WITHOUT_TEXT[name]
  if (copyright === undefined) throw new Error(`${folder} has no licence text`)
  return (await readFile(join(root, 'LICENSE'), 'utf8')).replace(/^Copyright .*$/m, copyright)
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` lies in `node_modules/a/node_modules/@b/c`. */
function packageFolder(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
}
