import { ErpError } from '../base/errors.ts'
import { findTable, nearest } from '../model/find.ts'
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
    let table = this.table
    let reachable = true
    const names: string[] = []
    const nullableKeys: CheckedColumn[] = []
    for (const step of steps) {
      const { reference, target } = this.follow(table, step, path)
      nullableKeys.push(...nullableKeysOf(table, reference, [...names], reachable))
      reachable &&= reference.owner === true || reference.filterable !== false
      table = target
      names.push(reference.name)
    }
    const column = checkedColumn(this.columnOf(table, { ...path, steps: [path.steps.at(-1) ?? ''] }), names, reachable)
    return nullableKeys.length === 0 ? column : { ...column, nullable: true, nullableKeys }
  }

  /** @throws `column-unknown` */
  columnOf(table: Table, path: Path): Column {
    const name = path.steps.join('/')
    const column = table.columns.find(candidate => candidate.name === name)
    if (column !== undefined) return column
    const reference = referenceOf(table, name)
    throw reference === undefined
      ? unknownName(this.#place, path, name, table.name, table.columns.map(candidate => candidate.name))
      : misplaced(this.#place, path, name, table.name, 'reference', reference.columns.length === 1 ? reference.columns[0] : undefined)
  }

  /** @throws `column-unknown`, `table-unknown` where what it leads to isn't shown */
  follow(table: Table, step: string, path: Path): { reference: TableReference; target: Table } {
    const reference = referenceOf(table, step)
    if (reference !== undefined) return { reference, target: findTable(this.#tables, reference.target) }
    throw table.columns.some(({ name }) => name === step)
      ? misplaced(this.#place, path, step, table.name, 'column')
      : unknownName(this.#place, path, step, table.name, table.references.map(({ name }) => name))
  }
}

function nullableKeysOf({ columns }: Table, reference: TableReference, steps: readonly string[], reachable: boolean): CheckedColumn[] {
  const keys = columns.filter(({ name }) => reference.columns.includes(name))
  if (keys.length === 1) return keys.filter(({ nullable }) => nullable).map(key => checkedColumn(key, steps, reachable))
  if (keys.length > 0 && keys.every(({ nullable }) => !nullable)) return []
  // what isn't known, and which one of several it is, can't be asked for
  return [checkedColumn({ name: reference.name, type: 'Edm.Guid', nullable: true }, steps, false)]
}

function checkedColumn(
  { name, type, nullable, scale, filters }: Pick<Column, 'name' | 'type' | 'nullable' | 'scale' | 'filters'>, steps: readonly string[], reachable: boolean,
): CheckedColumn {
  return {
    kind: 'column', steps, name, type: valueType(type), edm: type, nullable, reachable,
    ...(scale === undefined ? {} : { scale }),
    ...(filters === undefined ? {} : { filters }),
  }
}

/** A reference by its name, without `_Reference`, or by its foreign key. */
function referenceOf({ references }: Table, step: string): TableReference | undefined {
  return references.find(({ name }) => name === step)
    ?? references.find(({ name, columns }) => name === `${step}_Reference` || (columns.length === 1 && columns[0] === step))
}

/** @returns `column-unknown` with the nearest of the names that may stand there */
export function unknownName(place: Place, { range }: Path, name: string, table: string, names: readonly string[]): ErpError {
  const suggestion = nearest(names, name)
  const facts = { ...place(range.start), name, table }
  return new ErpError('column-unknown', suggestion === undefined ? facts : { ...facts, suggestion })
}

/**
 * @param is what the name is, where something else is due
 * @param suggestion of a reference its key, of a column with an amount or a quantity its number, of a list its entity set
 * @returns `column-unknown`
 */
export function misplaced(
  place: Place, { range }: Path, name: string, table: string, is: 'reference' | 'column' | 'list', suggestion?: string,
): ErpError {
  return new ErpError('column-unknown', { ...place(range.start), name, table, is, ...(suggestion === undefined ? {} : { suggestion }) })
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

  column(path: Path): CheckedColumn {
    const name = path.steps.join('/')
    const column = this.columns.find(candidate => candidate.name === name) ?? this.#written.get(name)
    if (column !== undefined) return column
    throw unknownName(this.#place, path, name, '$apply', this.columns.map(candidate => candidate.name))
  }
}
