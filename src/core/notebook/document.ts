/**
 * A notebook as the editor works with it. What the file looked like travels along as layout, in plain JSON, so that
 * `printNotebook` can give back every byte that nobody edited (product: "Query notebook").
 */
export interface NotebookDocument {
  /** Front matter key `connection`. */
  readonly connection?: string
  readonly cells: readonly NotebookCell[]
  /** Absent in a notebook that was never a file. */
  readonly layout?: DocumentLayout
}

export interface NotebookCell {
  readonly kind: 'markdown' | 'query'
  /** Any line ends. */
  readonly text: string
  /** Absent in a cell that was added in the editor. */
  readonly layout?: CellLayout
}

export interface DocumentLayout {
  /** Byte order mark and front matter, up to and with its last line end. */
  readonly head: string
  /** What follows the last cell: its line end and blank lines. */
  readonly tail: string
  /** The line end to use where none is given: the file's first. */
  readonly eol: string
}

/** A cell as it stood in the file; the parts joined are the file's text. */
export interface CellLayout {
  /** Which cell of the file it was, from 0. */
  readonly index: number
  /** From the end of what stands before: line end, blank lines, a separator. */
  readonly gap: string
  /** The opening line of a query cell, with its line end. */
  readonly open?: string
  readonly body: string
  /** The closing line of a query cell, with the line end before it; of an unclosed one at most that line end. */
  readonly close?: string
}

/** The number that `erpnb:` of the front matter has in files of this format. */
export const FORMAT_VERSION = 1
