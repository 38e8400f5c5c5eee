import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { allowAccounts, launchBrowser, workbenchUrl } from './browser.ts'
import { EXTENSION_ID } from './ids.ts'
import type { InsideHost } from './insideRun.ts'
import { places, root, temporaryFolder } from './places.ts'
import { installExtensions, startServer } from './server.ts'

const LIMIT_MS = 600_000
const CONSOLE = join(root, 'out/logs/workbench-console.log')

/** Runs the tests in VS Code in the browser. */
export async function insideWeb({ developmentPath, testsPath, workspace, env }: InsideHost): Promise<void> {
  const folder = temporaryFolder()
  const server = await startServer({
    userData: join(folder, 'data'),
    extensions: installExtensions([places.vsix]),
    smokeDriver: true,
    env,
  })
  const context = await launchBrowser(join(folder, 'browser'))
  try {
    await allowAccounts(context, [EXTENSION_ID])
    const page = context.pages()[0] ?? await context.newPage()
    const exit = Promise.withResolvers<number>()
    await page.exposeFunction('codeAutomationExit', (code: number) => exit.resolve(code))
    mkdirSync(dirname(CONSOLE), { recursive: true })
    writeFileSync(CONSOLE, '')
    await page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) => appendFileSync(CONSOLE, `${type}: ${parts.join(' ')}\n`))
    page.once('crash', () => exit.reject(new Error('The page with VS Code crashed')))
    const limit = setTimeout(() => exit.reject(new Error(`The tests did not end within ${LIMIT_MS / 1000} s`)), LIMIT_MS)
    await page.goto(workbenchUrl(server.origin, { folder: workspace, developmentPath, testsPath }))
    const code = await exit.promise.finally(() => clearTimeout(limit))
    if (code !== 0) throw new Error(`VS Code ended with code ${code}; its console is in ${CONSOLE}`)
  } finally {
    await context.close()
    await server.stop()
  }
}
