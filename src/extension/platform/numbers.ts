import { env } from 'vscode'

/** A number as people write it in the language of the editor: `1,200.50`, in Bulgarian `1200,50`. */
export function numberText(value: number, digits = 0): string {
  return new Intl.NumberFormat(env.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}
