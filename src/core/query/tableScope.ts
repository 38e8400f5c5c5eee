import { ErpError } from '../base/errors.ts'
import { nearest } from '../model/find.ts'
import type { Column, Table, TableReference } from '../model/table.ts'
import type { CheckedColumn } from './checked.ts'
import type { Path } from './expression.ts'
import type { Place } from './place.ts'
import { valueType } from './types.ts'

/** Where names are looked up. */
export interface NameScope {
  /** @throws `column-unknown` */
  column(path: Path): CheckedColumn
}

/** The columns of a table, and of those that its references lead to. */
export class TableScope implements NameScope {
  readonly table: Table
  readonly #tables: readonly Table[]
  readonly #place: Place

  constructor(table: Table, tables: readonly Table[], place: Place) {
    this.table = table
    this.#tables = tables
    this.#place = place
  }

  column(path: Path): CheckedColumn {
    const steps = path.steps.slice(0, -1)
    const name = path.steps.at(-1) ?? ''
    let table = this.table
    let nullable = false
    let reachable = true
    const names: string[] = []
    for (const step of steps) {
      const { reference, target } = this.follow(table, step, path)
      const from = table.columns.filter(column => reference.columns.includes(column.name))
      nullable ||= from.length === 0 || from.some(column => column.nullable)
      reachable &&= reference.owner === true || reference.filterable !== false
      table = target
      names.push(reference.name)
    }
    const column = this.columnOf(table, { ...path, steps: [name] })
    return {
      kind: 'column',
      steps: names,
      name: column.name,
      type: valueType(column.type),
      edm: column.type,
      nullable: nullable || column.nullable,
      ...(column.scale === undefined ? {} : { scale: column.scale }),
      ...(column.filters === undefined ? {} : { filters: column.filters }),
      reachable,
    }
  }

  /** @throws `column-unknown` */
  columnOf(table: Table, path: Path): Column {
    const name = path.steps.join('/')
    const column = table.columns.find(candidate => candidate.name === name)
    if (column === undefined) throw this.unknown(path, name, table.name, table.columns.map(candidate => candidate.name))
    return column
  }

  /** A reference by its name, without `_Reference`, or by its foreign key. */
  follow(table: Table, step: string, path: Path): { reference: TableReference; target: Table } {
    const reference = table.references.find(({ name }) => name === step)
      ?? table.references.find(({ name, columns }) => name === `${step}_Reference` || (columns.length === 1 && columns[0] === step))
    const target = this.#tables.find(({ name }) => name === reference?.target)
    if (reference === undefined || target === undefined) {
      throw this.unknown(path, step, table.name, table.references.map(({ name }) => name))
    }
    return { reference, target }
  }

  unknown(path: Path, name: string, table: string, names: readonly string[]): ErpError {
    const suggestion = nearest(names, name)
    const facts = { ...this.#place(path.range.start), name, table }
    return new ErpError('column-unknown', suggestion === undefined ? facts : { ...facts, suggestion })
  }
}

/** The columns that `$apply` has made. */
export class MadeScope implements NameScope {
  readonly columns: readonly CheckedColumn[]
  readonly #written: ReadonlyMap<string, CheckedColumn>
  readonly #place: Place

  /** @param keys as they are written; they are the first of the columns, which have the model's names */
  constructor(columns: readonly CheckedColumn[], keys: readonly Path[], place: Place) {
    this.columns = columns
    this.#written = new Map(keys.flatMap(({ steps }, index) => columns.slice(index, index + 1).map(column => [steps.join('/'), column] as const)))
    this.#place = place
  }

  column({ steps, range }: Path): CheckedColumn {
    const name = steps.join('/')
    const column = this.columns.find(candidate => candidate.name === name) ?? this.#written.get(name)
    if (column !== undefined) return column
    const suggestion = nearest(this.columns.map(candidate => candidate.name), name)
    const facts = { ...this.#place(range.start), name, table: '$apply' }
    throw new ErpError('column-unknown', suggestion === undefined ? facts : { ...facts, suggestion })
  }
}
