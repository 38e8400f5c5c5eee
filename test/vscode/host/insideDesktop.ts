import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron'
import type { InsideHost } from './insideRun.ts'
import { places, root, temporaryFolder } from './places.ts'

/** Runs the tests in desktop VS Code: the one that `ERPNET_CODE` names, else the newest, downloaded. */
export async function insideDesktop({ developmentPath, testsPath, workspace, env }: InsideHost): Promise<void> {
  const vscodeExecutablePath = process.env['ERPNET_CODE'] ?? await downloadAndUnzipVSCode({ version: 'stable', cachePath: join(root, '.cache/desktop') })
  const folder = temporaryFolder()
  const folders = ['--extensions-dir', join(folder, 'extensions'), '--user-data-dir', join(folder, 'data')]
  const [cli = vscodeExecutablePath, ...before] = resolveCliArgsFromVSCodeExecutablePath(vscodeExecutablePath, { reuseMachineInstall: true })
  execFileSync(cli, [...before, ...folders, '--install-extension', places.vsix], { stdio: 'pipe', shell: process.platform === 'win32' })
  await runTests({
    vscodeExecutablePath,
    reuseMachineInstall: true, // the folders above, not those that it would choose
    extensionDevelopmentPath: developmentPath,
    extensionTestsPath: testsPath,
    extensionTestsEnv: env,
    launchArgs: [workspace, ...folders, '--disable-telemetry', '--use-inmemory-secretstorage'],
  })
}
