import type { Checked, CheckedColumn } from '../query/checked.ts'
import type { Batch } from './batch.ts'
import { compile } from './evaluate.ts'
import { FieldScanner } from './fieldScanner.ts'
import type { Lookup } from './lookups.ts'
import type { Evaluate, Rows, Slot } from './rows.ts'

/** Finds in batches what the expressions of one stage read; looks up what references lead to. */
export class RowAccess {
  /** Of the rows themselves. */
  readonly #columns: string[] = []
  readonly #lookups: readonly Lookup[]
  #scanner: FieldScanner | undefined

  /** @param lookups in an order in which each comes behind its parent */
  constructor(lookups: readonly Lookup[]) {
    this.#lookups = lookups
    for (const { join } of lookups) if (join.parent === '') this.column(join.from)
  }

  /** Where a column of the rows themselves is in `Rows.fields`. */
  column(name: string): number {
    const known = this.#columns.indexOf(name)
    return known >= 0 ? known : this.#columns.push(name) - 1
  }

  slot({ steps, name }: Pick<CheckedColumn, 'steps' | 'name'>): Slot {
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
    this.#scanner ??= new FieldScanner(this.#columns)
    const fields = this.#scanner.scan(batch)
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
