import type { Value } from '../data/database.ts'
import type { Column, FilterKind, Schema, Table } from '../data/schema.ts'
import { keyEquals, referenceJoin, valueSql, type Source } from '../data/source.ts'
import { FilterError, type Condition, type Literal, type Path } from './filter.ts'

/** A filter as SQL over the rows of a source. */
export interface Where {
  readonly joins: string
  readonly sql: string
  readonly values: readonly Value[]
}

/** A column that a path leads to. */
interface Field {
  readonly source: Source
  readonly column: Column
  readonly sql: string
}

/**
 * Checks a filter against the schema, strictly as the real model has it: names, case, what each column's filter
 * can do, which references it may follow, and how literals are written.
 * @throws FilterError
 */
export function toWhere(schema: Schema, source: Source, condition: Condition): Where {
  const builder = new WhereBuilder(schema, source)
  const sql = builder.condition(condition)
  return { joins: builder.joins, sql, values: builder.values }
}

class WhereBuilder {
  readonly values: Value[] = []
  readonly #schema: Schema
  readonly #source: Source
  /** One join for each way through references, so that two conditions share it. */
  readonly #joins = new Map<string, { source: Source; sql: string }>()

  constructor(schema: Schema, source: Source) {
    this.#schema = schema
    this.#source = source
  }

  get joins(): string {
    return [...this.#joins.values()].map(({ sql }) => sql).join('')
  }

  condition(condition: Condition): string {
    switch (condition.kind) {
      case 'and':
        return condition.parts.map(part => `(${this.condition(part)})`).join(' AND ')
      case 'in':
        return this.#in(condition.path, condition.literals)
      case 'compare':
        return this.#compare(condition)
    }
  }

  #compare({ path, operator, literal }: Extract<Condition, { kind: 'compare' }>): string {
    const field = this.#resolve(path)
    const { column, sql } = field
    switch (operator) {
      case 'eq':
        allow(column, 'Equals', operator)
        return literal.kind === 'null' ? `${sql} IS NULL` : this.#is(field, '=', literal)
      case 'le': case 'ge':
        allow(column, 'GreaterThanOrLessThan', operator)
        return this.#is(field, operator === 'le' ? '<=' : '>=', literal)
      case 'like':
        allow(column, 'Like', operator)
        if (literal.kind !== 'text') {
          throw new FilterError(`The pattern of 'like' on '${column.name}' must be a string in quotes.`)
        }
        this.values.push(literal.value)
        return `sql_like(CAST(${sql} AS TEXT), ?)`
    }
  }

  #in(path: Path, literals: readonly Literal[]): string {
    const field = this.#resolve(path)
    allow(field.column, 'EqualsIn', 'in')
    return literals.map(literal => this.#is(field, '=', literal)).join(' OR ')
  }

  #is({ source, column, sql }: Field, sign: '=' | '<=' | '>=', literal: Literal): string {
    this.values.push(readLiteral(column, literal))
    if (column.type === 'decimal') return `decimal_compare(${sql}, ?) ${sign} 0`
    return sign === '=' ? keyEquals(source, column, '?') : `${sql} ${sign} ?`
  }

  /** Follows `A_Reference/B_Reference/Column` by joins. */
  #resolve({ segments, at }: Path): Field {
    let source = this.#source
    const names = [...segments]
    const last = names.pop() ?? ''
    for (const [index, name] of names.entries()) {
      const { table } = source
      const from = table.columns.find(({ reference }) => reference?.navigation === name)
      const reference = from?.reference
      if (!from || !reference) throw unknownProperty(name, table, at)
      if (!reference.owner && !reference.filterable) {
        throw new FilterError(`The reference '${name}' of '${table.name}' is not filterable.`)
      }
      const target = this.#schema.tables.get(reference.table)
      if (!target) throw unknownProperty(name, table, at)
      source = this.#join(names.slice(0, index + 1).join('/'), source, from, target)
    }
    const column = source.table.columns.find(({ name }) => name === last)
    if (!column) throw unknownProperty(last, source.table, at)
    return { source, column, sql: valueSql(source, column) }
  }

  #join(way: string, from: Source, column: Column, table: Table): Source {
    const known = this.#joins.get(way)
    if (known) return known.source
    const source = { table, alias: `r${this.#joins.size}` }
    this.#joins.set(way, { source, sql: referenceJoin(from, column, source) })
    return source
  }
}

function allow(column: Column, kind: FilterKind, operator: string): void {
  if (column.filters.size === 0) throw new FilterError(`The property '${column.name}' is not filterable.`)
  if (!column.filters.has(kind)) {
    const supported = [...column.filters].join(', ')
    throw new FilterError(
      `The property '${column.name}' does not support the operator '${operator}' (supported filters: ${supported}).`,
    )
  }
}

function unknownProperty(name: string, table: Table, at: number): FilterError {
  return new FilterError(`Could not find a property named '${name}' on type 'Erp.${table.name}' (position ${at}).`)
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.0{1,7})?Z$/

/** A literal as the database keeps such values. @throws FilterError when it isn't one of the column's type */
function readLiteral(column: Column, literal: Literal): Value {
  if (literal.kind === 'null') throw new FilterError(`'null' can only be compared by 'eq' (property '${column.name}').`)
  const { kind, value } = literal
  const wrong = () => new FilterError(`'${value}' is not a valid value for '${column.name}' (${column.type}).`)
  switch (column.type) {
    case 'nvarchar': case 'char': case 'varbinary': case 'timestamp':
      if (kind !== 'text') throw wrong()
      return value
    case 'uniqueidentifier':
      if (!GUID.test(value)) throw wrong()
      return value.toLowerCase()
    case 'bit':
      if (kind !== 'bare' || (value !== 'true' && value !== 'false')) throw wrong()
      return Number(value === 'true')
    case 'date': case 'datetime':
      if (kind !== 'bare' || !MOMENT.test(value) || Number.isNaN(Date.parse(value))) throw wrong()
      return `${value.slice(0, 19)}Z`
    case 'time':
      if (kind !== 'bare' || !/^\d\d:\d\d:\d\d$/.test(value)) throw wrong()
      return value
    case 'decimal':
      if (kind !== 'bare' || !/^-?\d+(?:\.\d+)?$/.test(value)) throw wrong()
      return value
    case 'float':
      if (kind !== 'bare' || !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) throw wrong()
      return Number(value)
    default:
      if (kind !== 'bare' || !/^-?\d{1,18}$/.test(value)) throw wrong()
      return BigInt(value)
  }
}
