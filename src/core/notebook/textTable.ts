import type { CellValue, ResultSnapshot } from '../execute/result.ts'

const ROWS = 20
const CELL_CHARACTERS = 40

/** The first rows as an aligned table in plain text, with a line that says how many more there are. */
export function textTable({ columns, rows, stats }: ResultSnapshot): string {
  const cells = [columns.map(column => column.name), ...rows.slice(0, ROWS).map(row => row.map(cellText))]
  const widths = columns.map((_, index) => Math.max(...cells.map(row => characters(row[index] ?? ''))))
  const lines = cells.map(row => row.map((text, index) => text + ' '.repeat((widths[index] ?? 0) - characters(text))).join('  ').trimEnd())
  const [head = '', ...body] = lines
  const rule = widths.map(width => '-'.repeat(width)).join('  ')
  const rest = stats.rows - body.length
  return [head, rule, ...body, ...(rest > 0 ? [`… ${rest} more`] : [])].join('\n')
}

function cellText(value: CellValue): string {
  const text = value === null ? 'null' : String(value).replace(/[\r\n\t]+/g, ' ')
  return characters(text) <= CELL_CHARACTERS ? text : `${Array.from(text).slice(0, CELL_CHARACTERS - 1).join('')}…`
}

function characters(text: string): number {
  return Array.from(text).length
}
