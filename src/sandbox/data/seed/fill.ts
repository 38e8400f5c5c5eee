import type { Row, Value } from '../database.ts'
import { sharedColumns } from '../model/company.ts'
import { Random } from '../random.ts'
import { referencedColumn, tablesOf, type Column, type Schema, type Table } from '../schema.ts'
import { keyMaker, valueMaker, type ValueMaker } from './values.ts'

/** How many rows a table gets that the trading company doesn't have. */
const ROWS = 20
/** How many of the company's keys are kept for others to refer to. */
const KEPT_KEYS = 100
/** In the first rows also those columns of a company's table are filled that it doesn't know, and that may be null. */
const FILLED_ROWS = 200

/**
 * Makes a model from files full of rows: completes those of the trading company, whose tables are smaller than the
 * model's, and makes some for every other table and view. References lead to rows that are there: all keys are made
 * first, so that a cycle of required references doesn't matter.
 */
export class Filler {
  readonly #schema: Schema
  readonly #random: Random
  /** The values that references hold, of the rows that are written or will be. */
  readonly #keys = new Map<Column, Value[]>()
  readonly #plans = new Map<string, Plan>()
  /** Where the columns of views lead, which their tables don't tell. */
  readonly #leads: ReadonlyMap<Column, string>
  readonly #referenced: ReadonlySet<Column | undefined>
  /** The tables of the company that the model has too, with the columns that the company's rows fill. */
  readonly #shared: ReadonlyMap<string, ReadonlySet<string>>

  /** @param company the schema that the company's rows are written for */
  constructor(schema: Schema, company: Schema, seed: number) {
    this.#schema = schema
    // Its own dice, so that the company is the same with and without a model.
    this.#random = new Random(seed ^ 0x5eed)
    this.#leads = new Map([...schema.entities.values()].flatMap(({ told }) => (told?.references ?? []).map(
      ({ place, target }) => [place.column, schema.entities.get(target)?.table.name ?? ''] as const,
    )))
    const columns = [...tablesOf(schema)].flatMap(table => table.columns)
    this.#referenced = new Set(columns.map(column => this.#target(column)?.column))
    this.#shared = sharedColumns(company, schema.tables)
  }

  /** The values of a company's row for the model's table, in its order; undefined where the model has no such table. */
  complete(name: string, row: Row): Value[] | undefined {
    const table = this.#shared.has(name) ? this.#schema.tables.get(name) : undefined
    if (!table) return undefined
    const plan = this.#planOf(table)
    const number = plan.rows
    plan.rows += 1
    const values = plan.columns.map(({ column, kept, make }) => {
      const given = kept ? row[column.name] ?? null : null
      if (given !== null || (column.nullable && (kept || number >= FILLED_ROWS))) return given
      return this.#valueFor(column, make, number)
    })
    if (number < KEPT_KEYS) {
      for (const [index, { column, referenced }] of plan.columns.entries()) {
        if (referenced) this.#keysOf(table, column).push(values[index] ?? null)
      }
    }
    return values
  }

  /** Rows for what the company doesn't have. To be called when all of its rows are written. */
  *others(): Iterable<readonly [table: string, values: Value[]]> {
    for (const table of tablesOf(this.#schema)) {
      if (this.#shared.has(table.name)) continue
      const { columns } = this.#planOf(table)
      const known = new Set<string>()
      for (let number = 0; number < ROWS; number += 1) {
        const values = columns.map(({ column, referenced, make }) =>
          referenced ? this.#keysOf(table, column)[number] ?? null : this.#valueFor(column, make, number))
        const keys = values.filter((_value, index) => columns[index]?.column.key === true).map(String).join('|')
        if (keys !== '' && known.has(keys)) continue
        known.add(keys)
        yield [table.name, values]
      }
    }
  }

  #valueFor(column: Column, make: ValueMaker, number: number): Value {
    if (column.name === 'Row_Version' || (column.nullable && this.#random.oneIn(4))) return null
    return make(this.#random, number)
  }

  #planOf(table: Table): Plan {
    const known = this.#plans.get(table.name)
    if (known) return known
    const plan = {
      columns: table.columns.map(column => ({
        column, make: this.#makerOf(column), referenced: this.#referenced.has(column),
        kept: this.#shared.get(table.name)?.has(column.name) === true,
      })),
      rows: 0,
    }
    this.#plans.set(table.name, plan)
    return plan
  }

  #makerOf(column: Column): ValueMaker {
    const { enums } = this.#schema
    const plain = column.key || this.#referenced.has(column) ? keyMaker(column, enums) : valueMaker(column, enums)
    const { table, column: target } = this.#target(column) ?? {}
    if (!table || !target || column === target) return plain
    return (random, row) => {
      const keys = this.#keysOf(table, target)
      if (keys.length > 0) return (column.key ? keys[row % keys.length] : random.pick(keys)) ?? null
      // Only in a circle of keys that are references themselves, or where the company has no rows of a table yet.
      return column.nullable ? null : plain(random, row)
    }
  }

  /** What the values of a reference are, or of a view's column that the Domain model calls one. */
  #target(column: Column): { readonly table: Table; readonly column: Column } | undefined {
    const table = this.#schema.tables.get(column.reference?.table ?? this.#leads.get(column) ?? '')
    const target = table && referencedColumn(column, table.columns)
    return target && { table, column: target }
  }

  /** The values of a referenced column: all that it will have, or of the company's tables, those written so far. */
  #keysOf(table: Table, column: Column): Value[] {
    const known = this.#keys.get(column)
    if (known) return known
    const keys: Value[] = []
    this.#keys.set(column, keys)
    if (this.#shared.has(table.name)) return keys
    const make = this.#makerOf(column)
    for (let row = 0; row < ROWS; row += 1) keys.push(make(this.#random, row))
    return keys
  }
}

/** How the rows of a table are made. */
interface Plan {
  readonly columns: readonly {
    readonly column: Column
    /** Whether the company's rows fill it, with null too where that may be. */
    readonly kept: boolean
    /** Whether a reference somewhere holds its values. */
    readonly referenced: boolean
    readonly make: ValueMaker
  }[]
  /** How many of the company's rows were completed. */
  rows: number
}
