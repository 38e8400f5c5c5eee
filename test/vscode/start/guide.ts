import { relative } from 'node:path'
import type { Demo } from '../host/demo.ts'
import { root } from '../host/places.ts'

/** What somebody who has just started it wants to know. */
export function guide({ sandbox, folder, native, referenceToken }: Demo, where: string): string {
  const users = sandbox.users.map(({ login, password, type }) => `${login} / ${password}  (${type})`)
  return [
    '',
    `ERP.net Developer Tools is in ${where}`,
    '',
    `  Connections   ${String(native['name'])}: browser sign-in`,
    `                ${String(referenceToken['name'])}: works at once`,
    `  Sign in as    ${users.join('\n                ')}`,
    `  Notebooks     ${relative(root, folder)}`,
    `  Instance      ${sandbox.url}`,
    '',
    '  1. Click ERP.net in the activity bar, and Sign In at the connection.',
    '  2. Look at the domain entities and tables.',
    '  3. Open a notebook in the explorer, and Run All.',
    '',
    'Ctrl+C ends it.',
    '',
  ].join('\n')
}
