import type { CellValue, ResultColumn, Row } from '../core/execute/result.ts'
import type { ResultOutput } from '../core/notebook/output.ts'

/** Types whose values stand on the right, digit under digit. */
const NUMERIC = new Set(['Edm.Decimal', 'Edm.Double', 'Edm.Single', 'Edm.Int64', 'Edm.Int32', 'Edm.Int16', 'Edm.Byte', 'Edm.SByte'])
/** Longer texts are cut in the cell; the tooltip has more. */
const CELL_CHARACTERS = 120
const TOOLTIP_CHARACTERS = 2000

/** One result as a table that grows. */
export class ResultView {
  readonly #root = create('div', 'erpnet-result')
  readonly #scroll = create('div', 'erpnet-scroll')
  readonly #head = create('thead', '')
  readonly #body = create('tbody', '')
  readonly #caption = create('caption', 'erpnet-hidden')
  readonly #note = create('p', '')
  readonly #status = create('p', 'erpnet-status')
  readonly #request = create('details', 'erpnet-request')
  readonly #requestLabel = create('summary', '')
  readonly #url = create('code', '')
  readonly #copy = create('button', 'erpnet-link')
  #columns: readonly ResultColumn[] = []

  constructor(element: HTMLElement) {
    const table = create('table', '')
    table.append(this.#caption, this.#head, this.#body)
    this.#scroll.tabIndex = 0
    this.#scroll.setAttribute('role', 'region')
    this.#scroll.append(table)
    this.#status.setAttribute('role', 'status')
    this.#copy.type = 'button'
    this.#copy.addEventListener('click', () => void navigator.clipboard.writeText(this.#url.textContent))
    this.#request.append(this.#requestLabel, this.#url, this.#copy)
    this.#root.append(this.#scroll, this.#note, this.#status, this.#request)
    element.replaceChildren(this.#root)
  }

  isIn(element: HTMLElement): boolean {
    return this.#root.parentElement === element
  }

  /** Rows that are there already stay; a later state of the same result only adds some. */
  update({ result, status, note, labels }: ResultOutput): void {
    const { columns, rows, url, state } = result
    if (!sameColumns(columns, this.#columns)) this.#setColumns(columns)
    if (rows.length < this.#body.rows.length) this.#body.replaceChildren()
    const known = this.#body.rows.length
    this.#body.append(...rows.slice(known).map((row, index) => this.#row(row, known + index + 1)))
    this.#root.dataset['state'] = state
    this.#root.setAttribute('aria-busy', String(state === 'running'))
    this.#scroll.setAttribute('aria-label', labels.table)
    this.#scroll.hidden = columns.length === 0
    this.#caption.textContent = labels.table
    this.#note.className = note === undefined ? '' : 'erpnet-note'
    this.#note.textContent = note ?? (rows.length === 0 && state === 'done' ? labels.empty : '')
    this.#status.textContent = status
    this.#requestLabel.textContent = labels.request
    this.#url.textContent = url
    this.#copy.textContent = labels.copy
  }

  #setColumns(columns: readonly ResultColumn[]): void {
    this.#columns = columns
    const row = create('tr', '')
    row.append(headCell('#', ''), ...columns.map(({ name, type }) => headCell(name, type)))
    this.#head.replaceChildren(row)
    this.#body.replaceChildren()
  }

  #row(values: Row, number: number): HTMLElement {
    const row = create('tr', '')
    const head = create('th', '')
    head.scope = 'row'
    head.textContent = String(number)
    row.append(head, ...values.map((value, index) => cell(value, this.#columns[index]?.type ?? '')))
    return row
  }
}

function headCell(name: string, type: string): HTMLElement {
  const cell = create('th', NUMERIC.has(type) ? 'erpnet-number' : '')
  cell.scope = 'col'
  cell.textContent = name
  cell.title = type
  return cell
}

function cell(value: CellValue, type: string): HTMLElement {
  const element = create('td', value === null ? 'erpnet-null' : NUMERIC.has(type) ? 'erpnet-number' : '')
  const text = value === null ? 'null' : String(value)
  const visible = text.replace(/\r\n|\r|\n/g, '⏎').replace(/\t/g, '⇥')
  element.textContent = visible.length > CELL_CHARACTERS ? `${visible.slice(0, CELL_CHARACTERS)}…` : visible
  if (element.textContent !== text) element.title = text.slice(0, TOOLTIP_CHARACTERS)
  return element
}

function sameColumns(a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean {
  return a.length === b.length && a.every((column, index) => column.name === b[index]?.name && column.type === b[index].type)
}

function create<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  return element
}
