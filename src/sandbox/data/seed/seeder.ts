import type { DatabaseSync } from 'node:sqlite'

import { TableWriter, type Row, type Value } from '../database.ts'
import { Random } from '../random.ts'
import { PIECES } from '../replicas.ts'
import { tablesOf, type Schema } from '../schema.ts'

/** Makes the company's rows fit a larger schema, and rows for the tables that the company doesn't have (`fill.ts`). */
interface RowFiller {
  /** A row's values in the order of the table's columns; undefined where the schema has no such table. */
  complete(table: string, row: Row): Value[] | undefined
  others(): Iterable<readonly [table: string, values: Value[]]>
}

/** What every part of the seed works with: the dice, the tables, and how values are written. */
export class Seeder {
  readonly random: Random
  /** In how many replicas the rows are that are written from now on to tables that grow. */
  copies = 1
  readonly #filler: RowFiller | undefined
  readonly #writers: ReadonlyMap<string, TableWriter>

  /** @param filler where the schema isn't the company's own, but a model from files */
  constructor(database: DatabaseSync, schema: Schema, seed: number, filler?: RowFiller) {
    this.random = new Random(seed)
    this.#filler = filler
    this.#writers = new Map([...tablesOf(schema)].map(table => [table.name, new TableWriter(database, table)]))
  }

  write(table: string, row: Row): void {
    if (!this.#filler) {
      this.#writer(table).write(row, this.copies)
      return
    }
    const values = this.#filler.complete(table, row)
    if (values) this.#writer(table).writeValues(values, this.copies)
  }

  /** Rows for the tables that the company doesn't have. */
  writeOthers(): void {
    for (const [table, values] of this.#filler?.others() ?? []) this.#writer(table).writeValues(values)
  }

  #writer(table: string): TableWriter {
    const writer = this.#writers.get(table)
    if (!writer) throw new Error(`no table ${table}`)
    return writer
  }

  guid(): string {
    return this.random.guid()
  }

  /** The key of a row that grows: it begins as all of them do, so that a replica can put in its own beginning. */
  growingKey(): string {
    return PIECES.key.base + this.random.guid().slice(PIECES.key.base.length)
  }
}

/** A `nvarchar (MultiLanguage)` value: all languages in one string. Its real encoding isn't documented; JSON is assumed. */
export function languages([english, bulgarian]: readonly [string, string]): string {
  return JSON.stringify({ EN: english, BG: bulgarian })
}

/** `12345` hundredths are `123.45`, or with four places `123.4500`. */
export function money(hundredths: number, places = 2): string {
  return (hundredths / 100).toFixed(2) + '0'.repeat(places - 2)
}

/** Thousandths as `decimal(…, 3)`. */
export function quantity(thousandths: number): string {
  return (thousandths / 1000).toFixed(3)
}

const DAY = 86_400_000
/** The first day of the books. */
const FIRST_DAY = Date.UTC(2024, 0, 2)
/** The last day on which something is written. */
const LAST_DAY = Date.UTC(2026, 5, 30)
export const DAYS = (LAST_DAY - FIRST_DAY) / DAY

/** Midnight of a day, counted from the first of the books: `2024-01-02T00:00:00Z`. */
export function day(number: number): string {
  return `${date(number)}T00:00:00Z`
}

/** A moment of a day, `seconds` after its midnight. */
export function moment(number: number, seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return `${date(number)}T${pair(hours)}:${pair(minutes)}:${pair(seconds % 60)}Z`
}

const dates = new Map<number, string>()

function date(number: number): string {
  const known = dates.get(number) ?? new Date(FIRST_DAY + number * DAY).toISOString().slice(0, 10)
  dates.set(number, known)
  return known
}

function pair(number: number): string {
  return String(number).padStart(2, '0')
}
