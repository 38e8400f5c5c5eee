import type { Checked, CheckedColumn } from '../query/checked.ts'
import type { Batch } from './batch.ts'
import { compile } from './evaluate.ts'
import { FieldScanner } from './fieldScanner.ts'
import type { Fields } from './fields.ts'
import type { Lookup } from './lookups.ts'
import { memberAt } from './member.ts'
import type { Evaluate, Rows, Slot } from './rows.ts'

/** Finds in batches what the expressions of one stage read; looks up what references lead to. */
export class RowAccess {
  /** Of the rows themselves: the names that lead to a value, from outside in. */
  readonly #columns: (readonly string[])[] = []
  readonly #lookups: readonly Lookup[]
  #reader: FieldReader | undefined

  /** @param lookups in an order in which each comes behind its parent */
  constructor(lookups: readonly Lookup[]) {
    this.#lookups = lookups
    for (const { join } of lookups) if (join.parent === '') this.column(join.from)
  }

  /** Where a column of the rows themselves is in `Rows.fields`. */
  column(...path: readonly string[]): number {
    const known = this.#columns.findIndex(column => column.join('\n') === path.join('\n'))
    return known >= 0 ? known : this.#columns.push(path) - 1
  }

  slot({ steps, name, domain }: Pick<CheckedColumn, 'steps' | 'name' | 'domain'>): Slot {
    if (domain?.at !== undefined) return { join: -1, index: this.column(...domain.at) }
    if (steps.length === 0) return { join: -1, index: this.column(name) }
    const path = steps.join('/')
    const join = this.joinAt(path)
    return { join, index: this.#lookups[join]?.columns.indexOf(name) ?? -1 }
  }

  /** The place of a reference in `Rows.joined`. */
  joinAt(path: string): number {
    return this.#lookups.findIndex(lookup => lookup.join.path === path)
  }

  compile(expression: Checked): Evaluate {
    return compile(expression, column => this.slot(column))
  }

  /** Not before all columns are known. */
  async read(batch: Batch): Promise<Rows> {
    this.#reader ??= new FieldReader(this.#columns)
    const fields = this.#reader.read(batch)
    const joined: Rows['joined'][number][] = []
    for (const lookup of this.#lookups) {
      const { parent, from } = lookup.join
      const parentAt = this.joinAt(parent)
      const index = parent === '' ? this.column(from) : this.#lookups[parentAt]?.columns.indexOf(from) ?? -1
      joined.push(await lookup.find(fields.rows, row => {
        const source = parent === '' ? fields : joined[parentAt]?.[row]
        if (source === undefined) return undefined
        const at = (parent === '' ? row * fields.width : 0) + index
        return { bytes: source.bytes, start: source.starts[at] ?? 0, end: source.ends[at] ?? 0 }
      }))
    }
    return { fields, joined }
  }
}

/** Finds values in rows, also those that lie in members of members. */
class FieldReader {
  readonly #columns: readonly (readonly string[])[]
  readonly #outer: readonly string[]
  readonly #scanner: FieldScanner

  constructor(columns: readonly (readonly string[])[]) {
    this.#columns = columns
    this.#outer = [...new Set(columns.map(([first = '']) => first))]
    this.#scanner = new FieldScanner(this.#outer)
  }

  read(batch: Batch): Fields {
    const outer = this.#scanner.scan(batch)
    return this.#columns.every(path => path.length === 1) ? outer : this.#deepened(outer)
  }

  #deepened({ bytes, rows, width: outerWidth, starts: outerStarts, ends: outerEnds }: Fields): Fields {
    const width = this.#columns.length
    const [starts, ends] = [new Uint32Array(rows * width), new Uint32Array(rows * width)]
    for (const [index, [first = '', ...path]] of this.#columns.entries()) {
      const column = this.#outer.indexOf(first)
      for (let row = 0; row < rows; row++) {
        const at = row * outerWidth + column
        const [start, end] = memberAt(bytes, [outerStarts[at] ?? 0, outerEnds[at] ?? 0], path)
        starts[row * width + index] = start
        ends[row * width + index] = end
      }
    }
    return { bytes, rows, width, starts, ends }
  }
}
