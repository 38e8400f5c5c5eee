import { window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'

/** What a person types for `{{$prompt label}}`. Throws `cancelled`. */
export async function askForValue(label: string): Promise<string> {
  const answer = await window.showInputBox({ title: label, ignoreFocusOut: true })
  if (answer === undefined) throw new ErpError('cancelled')
  return answer
}
