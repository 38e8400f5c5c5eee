import type { Value } from '../../data/database.ts'
import type { DomainAttribute, DomainEntity } from '../entities.ts'
import { DomainError } from '../problem.ts'
import type { Aggregate, Apply, Computed } from '../query/apply.ts'
import type { Path } from '../query/cursor.ts'
import type { Expansion, Query } from '../query/select.ts'
import { unitSql } from './measures.ts'
import { followable, resolve, type AttributeProperty, type Property } from './paths.ts'
import type { Reader } from './reader.ts'
import { Scope } from './scope.ts'
import { measureText, valueText } from './values.ts'

type Row = readonly Value[]
/** One property of a group: where it stands in the answer, and how its JSON is made. */
interface Part { readonly path: Path; readonly text: (row: Row) => string }

/** Groups and aggregates as `$apply` says. The rows are open objects; what a path leads to lies as deep in them. */
export class Grouping {
  readonly #reader: Reader
  readonly #scope: Scope
  readonly #columns: string[] = []
  readonly #groups: number[] = []
  readonly #parts: Part[]
  readonly #aggregates: boolean

  /** @throws DomainError for what can't be grouped or aggregated */
  constructor(reader: Reader, entity: DomainEntity, apply: Apply, expansions: readonly Expansion[]) {
    this.#reader = reader
    this.#scope = new Scope(reader.catalog, entity)
    this.#aggregates = apply.aggregates.length > 0
    const left = new Map(expansions.map(expansion => [expansion.path.join('/'), expansion]))
    this.#parts = [
      ...apply.keys.map(path => {
        const computed = path.length === 1 ? apply.computed.find(({ alias }) => alias === path[0]) : undefined
        if (computed) return this.#computed(computed)
        const expansion = left.get(path.join('/'))
        left.delete(path.join('/'))
        return this.#key(path, expansion)
      }),
      ...apply.aggregates.map(aggregate => this.#aggregate(aggregate)),
    ]
    for (const path of left.keys()) throw new DomainError('expandGroup', path)
  }

  rows(query: Query, search: string | undefined, limit: number): readonly string[] {
    const where = this.#reader.where(this.#scope, query, search)
    const groups = this.#groups.map(index => this.#columns[index]).join(', ')
    const grouping = groups !== '' ? ` GROUP BY ${groups}` : ''
    const columns = this.#columns.join(', ')
    const distinct = this.#aggregates ? '' : 'DISTINCT '
    const sql = `SELECT ${distinct}${columns} FROM ${this.#scope.from}${where.sql}${grouping}`
      + ` LIMIT ${limit} OFFSET ${query.skip}`
    const { skipNulls } = this.#reader.writing
    return this.#reader.all(sql, where.values).map(row => {
      const texts = this.#parts.map(({ path, text }) => [path, text(row)] as const)
      return objectText(skipNulls ? texts.filter(([, text]) => text !== 'null') : texts)
    })
  }

  #key(path: Path, expansion: Expansion | undefined): Part {
    const { writing, catalog, ids } = this.#reader
    const property = resolve(this.#scope, path)
    const index = this.#group(property.sql)
    if (property.kind === 'attribute') {
      const { column } = property
      if (!column || !isDimension(property)) throw new DomainError('group', path.join('/'))
      if (expansion) throw new DomainError('expandGroup', path.join('/'))
      return { path, text: row => valueText(writing, column, row[index] ?? null) }
    }
    followable(property.place.entity, property.name)
    const target = catalog.of(property.reference.target)
    const expand = expansion && this.#reader.byId(target, expansion.query)
    return {
      path,
      text: row => {
        const own = row[index]
        if (typeof own !== 'string') return 'null'
        if (expand) return expand(own) ?? 'null'
        return `{"${target.key}":${JSON.stringify(ids.key(target, own) ?? null)}}`
      },
    }
  }

  #computed({ function: name, path, numbers: [start = 0, length], alias }: Computed): Part {
    const { sql, ...property } = resolve(this.#scope, path)
    const type = property.kind === 'attribute' ? property.attribute.type : ''
    const fits = name === 'substring' ? type === 'Edm.String' : type === 'Edm.DateTimeOffset'
    if (!fits) throw new DomainError('aggregate', path.join('/'), name)
    switch (name) {
      case 'year': return this.#number(alias, `CAST(substr(${sql}, 1, 4) AS INTEGER)`)
      case 'yearmonth': return this.#number(alias, `CAST(substr(${sql}, 1, 4) || substr(${sql}, 6, 2) AS INTEGER)`)
      case 'date': return this.#quoted(alias, `substr(${sql}, 1, 10) || 'T00:00:00Z'`)
      case 'substring': {
        const end = length === undefined ? '' : `, ${length}`
        return this.#quoted(alias, `substr(${sql}, ${start + 1}${end})`)
      }
    }
  }

  #number(alias: string, sql: string): Part {
    const index = this.#group(sql)
    return { path: [alias], text: row => String(row[index] ?? null) }
  }

  #quoted(alias: string, sql: string): Part {
    const index = this.#group(sql)
    return { path: [alias], text: row => JSON.stringify(row[index] ?? null) }
  }

  #aggregate({ path, method, alias }: Aggregate): Part {
    if (!path) return this.#plain(alias, 'COUNT(*)')
    const property = resolve(this.#scope, path)
    const wrong = () => new DomainError('aggregate', path.join('/'), method)
    if (method === 'countdistinct') {
      if (property.kind === 'reference') followable(property.place.entity, property.name)
      else if (!isDimension(property) && !isMeasure(property)) throw wrong()
      return this.#plain(alias, `COUNT(DISTINCT ${property.sql})`)
    }
    if (property.kind === 'reference' || method === 'count' || !isMeasure(property)) throw wrong()
    const { column, sql, attribute } = property
    const value = column?.type === 'decimal' ? `decimal_${method}(${sql})` : `${method}(${sql})`
    const measure = property.number ? undefined : column?.measure
    return measure ? this.#measured(alias, value, measure, property, attribute) : this.#plain(alias, value)
  }

  #plain(alias: string, sql: string): Part {
    const index = this.#column(sql)
    return { path: [alias], text: row => String(row[index] ?? null) }
  }

  /** Amounts of different currencies, and quantities of different units, are groups of their own. */
  #measured(
    alias: string, sql: string, measure: 'Amount' | 'Quantity', { place }: Property, attribute: DomainAttribute,
  ): Part {
    const { writing, catalog } = this.#reader
    const value = this.#column(sql)
    const unit = this.#group(unitSql(catalog, this.#scope, place, attribute))
    return { path: [alias], text: row => measureText(writing, measure, row[value] ?? null, row[unit] ?? null) }
  }

  #group(sql: string): number {
    const index = this.#column(sql)
    if (sql !== 'NULL' && !this.#groups.includes(index)) this.#groups.push(index)
    return index
  }

  #column(sql: string): number {
    const known = this.#columns.indexOf(sql)
    return known === -1 ? this.#columns.push(sql) - 1 : known
  }
}

/** What tells groups apart: no amounts, no fractions, no long texts. */
function isDimension({ column, number }: AttributeProperty): boolean {
  if (!column || number || column.measure || column.multilanguage) return false
  if (column.type === 'nvarchar') return column.length !== undefined
  return column.type !== 'decimal' && column.type !== 'float' && column.type !== 'varbinary'
}

function isMeasure({ column }: AttributeProperty): boolean {
  return column?.enum === undefined
    && ['decimal', 'float', 'int', 'smallint', 'tinyint', 'bigint'].includes(column?.type ?? '')
}

/** `[['SalesOrder', 'Customer'], x]` is `{"SalesOrder":{"Customer":x}}`. */
function objectText(parts: readonly (readonly [path: Path, text: string])[]): string {
  const deep = new Map<string, (readonly [path: Path, text: string])[]>()
  const texts = new Map<string, string>()
  for (const [[name = '', ...rest], text] of parts) {
    if (rest.length === 0) texts.set(name, text)
    else deep.set(name, [...deep.get(name) ?? [], [rest, text]])
  }
  for (const [name, inner] of deep) {
    // Grouped by a reference and by what it leads to: both are in one object.
    const own = texts.get(name)?.replace(/^null$/, '{}').slice(1, -1) ?? ''
    texts.set(name, `{${own}${own === '' ? '' : ','}${objectText(inner).slice(1)}`)
  }
  return `{${[...texts].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}
