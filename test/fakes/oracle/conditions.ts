import type { Column, Table } from '../../../src/core/model/table.ts'
import type { Random } from '../../unit/random.ts'
import type { ExactRow } from './sql.ts'

/** The same thing in OData's words and in SQLite's. */
export interface Pair {
  readonly odata: string
  readonly sql: string
}

/** What queries are made of: tables with their rows. */
export interface World {
  readonly tables: readonly Table[]
  readonly rows: ReadonlyMap<string, readonly ExactRow[]>
}

/** A column that can be named from where one stands. */
interface Named extends Pair {
  readonly column: Column
  readonly samples: readonly (string | number | boolean)[]
}

/** Of an EDM type: how its values are compared in SQL. */
export function kindOf(type: string): 'whole' | 'decimal' | 'double' | 'text' | 'date' | 'time' | 'guid' | 'boolean' | 'other' {
  switch (type) {
    case 'Edm.Byte': case 'Edm.Int16': case 'Edm.Int32': return 'whole'
    case 'Edm.Int64': case 'Edm.Decimal': return 'decimal'
    case 'Edm.Double': return 'double'
    case 'Edm.String': return 'text'
    case 'Edm.DateTimeOffset': return 'date'
    case 'Edm.TimeOfDay': return 'time'
    case 'Edm.Guid': return 'guid'
    case 'Edm.Boolean': return 'boolean'
    default: return 'other'
  }
}

const SIGNS = { eq: 'IS', ne: 'IS NOT', gt: '>', ge: '>=', lt: '<', le: '<=' } as const
type Comparison = keyof typeof SIGNS
const ALL = Object.keys(SIGNS) as Comparison[]

/** Makes conditions over one table, and remembers the joins that they need. */
export class Conditions {
  readonly #world: World
  readonly #table: Table
  readonly #random: Random
  readonly #joins = new Map<string, string>()

  constructor(world: World, table: Table, random: Random) {
    this.#world = world
    this.#table = table
    this.#random = random
  }

  /** ` LEFT JOIN …` for all paths so far. */
  get joins(): string {
    return [...this.#joins.values()].join('')
  }

  condition(depth: number): Pair {
    const form = depth === 0 ? 0 : this.#random.below(6)
    if (form <= 2) return this.#leaf()
    const left = this.condition(depth - 1)
    if (form === 3) return { odata: `not (${left.odata})`, sql: `NOT (${left.sql})` }
    const right = this.condition(depth - 1)
    const word = form === 4 ? 'and' : 'or'
    return { odata: `(${left.odata}) ${word} (${right.odata})`, sql: `(${left.sql}) ${word} (${right.sql})` }
  }

  /** A column of the table, or one that references lead to. */
  named(isWanted: (column: Column) => boolean, steps = 2): Named | undefined {
    let table = this.#table
    let alias = 't'
    const path: string[] = []
    while (steps-- > 0 && this.#random.below(4) === 0 && table.references.length > 0) {
      const reference = this.#random.pick(table.references)
      const target = this.#world.tables.find(({ name }) => name === reference.target)
      if (target === undefined) break
      path.push(reference.name)
      alias = this.#join(path.join('/'), alias, reference.columns[0] ?? '', target)
      table = target
    }
    const columns = table.columns.filter(isWanted)
    if (columns.length === 0) return undefined
    const column = this.#random.pick(columns)
    const values = this.#world.rows.get(table.name)?.map(row => row[column.name] ?? null) ?? []
    return {
      odata: [...path, column.name].join('/'),
      sql: `${alias}."${column.name}"`,
      column,
      samples: values.filter(value => value !== null),
    }
  }

  /** The name of what a reference of the table leads to. */
  joinTo(name: string): string {
    const reference = this.#table.references.find(candidate => candidate.name === name)
    const target = this.#world.tables.find(table => table.name === reference?.target)
    if (reference === undefined || target === undefined) throw new Error(`no reference ${name}`)
    return this.#join(name, 't', reference.columns[0] ?? '', target)
  }

  #join(path: string, from: string, column: string, target: Table): string {
    const alias = `j_${path.replaceAll('/', '__')}`
    if (!this.#joins.has(path)) this.#joins.set(path, ` LEFT JOIN "${target.name}" ${alias} ON ${alias}."${target.key[0] ?? ''}" = ${from}."${column}"`)
    return alias
  }

  #leaf(): Pair {
    const named = this.named(({ type }) => kindOf(type) !== 'other')
    if (named === undefined) return { odata: 'true', sql: '1' }
    if (this.#random.below(8) === 0) return this.#nullTest(named)
    if (this.#random.below(6) === 0) return this.#list(named)
    switch (kindOf(named.column.type)) {
      case 'whole': case 'decimal': return this.#number(named)
      case 'double': return this.#compare(named, this.#random.pick(ALL), String(this.#sample(named, 0)), value => value)
      case 'text': return this.#text(named)
      case 'date': return this.#date(named)
      case 'time': return this.#compare(named, this.#random.pick(ALL), String(this.#sample(named, '12:00:00')), quoted)
      case 'guid': return this.#compare(named, this.#random.pick(['eq', 'ne', 'eq', 'eq', 'gt', 'le']), String(this.#sample(named, NO_GUID)), quoted)
      default: return this.#boolean(named)
    }
  }

  #sample(named: Named, otherwise: string | number): string | number | boolean {
    return named.samples.length === 0 ? otherwise : this.#random.pick(named.samples)
  }

  #compare(named: Pair, operator: Comparison, literal: string, inSql: (literal: string) => string): Pair {
    return { odata: this.#sides(named.odata, operator, literal), sql: compared(named.sql, operator, inSql(literal)) }
  }

  /** Sometimes the literal comes first. */
  #sides(column: string, operator: Comparison, literal: string): string {
    const mirrored = { eq: 'eq', ne: 'ne', gt: 'lt', lt: 'gt', ge: 'le', le: 'ge' } as const
    return this.#random.below(6) === 0 ? `${literal} ${mirrored[operator]} ${column}` : `${column} ${operator} ${literal}`
  }

  #nullTest({ odata, sql }: Named): Pair {
    const operator = this.#random.pick(ALL)
    const result = operator === 'eq' ? `${sql} IS NULL` : operator === 'ne' ? `${sql} IS NOT NULL` : '0'
    return { odata: `${odata} ${operator} null`, sql: result }
  }

  #list(named: Named): Pair {
    const kind = kindOf(named.column.type)
    const size = this.#random.pick([1, 2, 3, 3, 60])
    const values = Array.from({ length: size }, () => this.#random.below(8) === 0 ? null : this.#sample(named, defaultOf(kind)))
    const parts = values.map(value => ({
      odata: value === null ? 'null' : literalOf(kind, value),
      sql: value === null ? `${named.sql} IS NULL`
        : kind === 'whole' || kind === 'decimal' ? decimals(named.sql, 'eq', quoted(String(value)))
        : `${named.sql} IS ${kind === 'double' ? String(value) : kind === 'boolean' ? String(Number(value)) : quoted(String(value))}`,
    }))
    return { odata: `${named.odata} in (${parts.map(({ odata }) => odata).join(',')})`, sql: parts.map(({ sql }) => `(${sql})`).join(' OR ') }
  }

  #number(named: Named): Pair {
    const literal = this.#numberNear(named)
    const operator = this.#random.pick(ALL)
    const form = this.#random.below(9)
    const whole = String(this.#random.below(7) + 1)
    const by = (odata: string, sql: string): Pair => ({ odata: `${odata} ${operator} ${literal}`, sql: decimals(sql, operator, quoted(literal)) })
    switch (form) {
      case 0: return by(`${named.odata} add ${whole}`, `dec_add(${named.sql}, '${whole}')`)
      case 1: return by(`${named.odata} mul ${whole}.5`, `dec_mul(${named.sql}, '${whole}.5')`)
      case 2: return by(`-${named.odata}`, `dec_sub('0', ${named.sql})`)
      case 3: {
        if (kindOf(named.column.type) !== 'whole') return by(`round(${named.odata})`, `dec_round(${named.sql}, 0)`)
        const [word, sign] = this.#random.pick([['div', '/'], ['mod', '%']] as const)
        return by(`${named.odata} ${word} ${whole}`, `(${named.sql} ${sign} ${whole})`)
      }
      case 4: return by(`${this.#random.pick(['floor'])}(${named.odata})`, `dec_floor(${named.sql})`)
      case 5: return by(`ceiling(${named.odata} sub 0.5)`, `dec_ceiling(dec_sub(${named.sql}, '0.5'))`)
      default: return { odata: this.#sides(named.odata, operator, literal), sql: decimals(named.sql, operator, quoted(literal)) }
    }
  }

  /** A value that is there, one beside it, or one that no column of the type can hold. */
  #numberNear(named: Named): string {
    const value = String(this.#sample(named, 1))
    switch (this.#random.below(8)) {
      case 0: return `${value.split('.')[0] ?? '0'}.5`
      case 1: return `${value}${value.includes('.') ? '0' : '.00'}`
      case 2: return this.#random.pick(['0', '-1', '255', '256', '32768', '-2147483649', '99999999999999999999', '12345678901234567890123456789012345678'])
      default: return value
    }
  }

  #text(named: Named): Pair {
    const value = String(this.#sample(named, 'x'))
    const part = this.#part(value)
    const inside = quoted(part)
    const length = this.#random.below(12)
    const operator = this.#random.pick(ALL)
    switch (this.#random.below(12)) {
      case 0: return { odata: `contains(${named.odata},${inside})`, sql: `instr(${named.sql}, ${inside}) > 0` }
      case 1: return { odata: `startswith(${named.odata},${inside})`, sql: `substr(${named.sql}, 1, length(${inside})) = ${inside}` }
      case 2: return { odata: `endswith(${named.odata},${inside})`, sql: `(length(${named.sql}) >= length(${inside}) AND substr(${named.sql}, length(${named.sql}) - length(${inside}) + 1) = ${inside})` }
      case 3: return { odata: `length(${named.odata}) ${operator} ${length}`, sql: compared(`text_length(${named.sql})`, operator, String(length)) }
      case 4: return { odata: `indexof(${named.odata},${inside}) ${operator} ${length}`, sql: compared(`text_index(${named.sql}, ${inside})`, operator, String(length)) }
      case 5: return { odata: `tolower(${named.odata}) eq ${quoted(value.toLowerCase())}`, sql: `text_lower(${named.sql}) IS ${quoted(value.toLowerCase())}` }
      case 6: return { odata: `substring(${named.odata},1,3) ${operator} ${inside}`, sql: compared(`text_sub(${named.sql}, 1, 3)`, operator, inside) }
      case 7: return { odata: `trim(concat(${named.odata},' ')) eq ${quoted(value)}`, sql: `text_trim(${named.sql} || ' ') IS ${quoted(value)}` }
      case 8: case 9: {
        const pattern = quoted(this.#random.pick([`%${part}%`, `${part}%`, value, value.toUpperCase(), part.replace(/./su, '_'), '%']))
        return { odata: `${named.odata} like ${pattern}`, sql: `text_like(${named.sql}, ${pattern})` }
      }
      default: return this.#compare(named, operator, quoted(value), literal => literal)
    }
  }

  /** Whole characters. */
  #part(value: string): string {
    const characters = Array.from(value)
    const from = this.#random.below(characters.length + 1)
    return characters.slice(from, from + 1 + this.#random.below(4)).join('')
  }

  #date(named: Named): Pair {
    const value = String(this.#sample(named, '2026-01-01T00:00:00Z'))
    const operator = this.#random.pick(ALL)
    const number = (name: string, from: number, to: number): Pair => {
      const literal = String(Number(value.slice(from, to)))
      return { odata: `${name}(${named.odata}) ${operator} ${literal}`, sql: compared(`CAST(substr(${named.sql}, ${from + 1}, ${to - from}) AS INTEGER)`, operator, literal) }
    }
    switch (this.#random.below(10)) {
      case 0: return number('month', 5, 7)
      case 1: return number('hour', 11, 13)
      case 2: case 3: return number('year', 0, 4)
      case 4: return { odata: `date(${named.odata}) ${operator} ${value.slice(0, 10)}`, sql: compared(`substr(${named.sql}, 1, 10)`, operator, quoted(value.slice(0, 10))) }
      case 5: return { odata: `time(${named.odata}) ${operator} ${value.slice(11, 19)}`, sql: compared(`substr(${named.sql}, 12, 8)`, operator, quoted(value.slice(11, 19))) }
      case 6: return { odata: `${named.odata} ${operator} ${value.slice(0, -1)}.5Z`, sql: betweenSeconds(named.sql, operator, quoted(value)) }
      case 7: return this.#elsewhere(named, operator, value)
      default: return this.#compare(named, operator, value, quoted)
    }
  }

  /** The same moment by the clocks two hours further east. */
  #elsewhere(named: Named, operator: Comparison, value: string): Pair {
    const there = new Date(Date.parse(value) + 7_200_000).toISOString()
    const literal = /^\d{4}-/.test(there) ? there.replace(/\.000Z$/, '+02:00') : value
    return { odata: `${named.odata} ${operator} ${literal}`, sql: compared(named.sql, operator, quoted(value)) }
  }

  #boolean(named: Named): Pair {
    const value = this.#random.below(2) === 1
    switch (this.#random.below(4)) {
      case 0: return { odata: named.odata, sql: named.sql }
      case 1: return { odata: `${named.odata} ne ${String(value)}`, sql: `${named.sql} IS NOT ${Number(value)}` }
      default: return { odata: `${named.odata} eq ${String(value)}`, sql: `${named.sql} IS ${Number(value)}` }
    }
  }
}

const NO_GUID = '00000000-0000-0000-0000-000000000000'

function defaultOf(kind: ReturnType<typeof kindOf>): string | number {
  return { whole: 1, decimal: '1', double: 1, text: 'x', date: '2026-01-01T00:00:00Z', time: '12:00:00', guid: NO_GUID, boolean: 'true', other: '' }[kind]
}

function literalOf(kind: ReturnType<typeof kindOf>, value: string | number | boolean): string {
  return kind === 'text' ? quoted(String(value)) : String(value)
}

export function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\'')}'`
}

/** `gt` and its like are false of null. */
function compared(left: string, operator: Comparison, right: string): string {
  const text = `${left} ${SIGNS[operator]} ${right}`
  return operator === 'eq' || operator === 'ne' ? text : `coalesce(${text}, 0)`
}

function decimals(left: string, operator: Comparison, right: string): string {
  return operator === 'ne' ? `coalesce(dec_cmp(${left}, ${right}) <> 0, 1)` : `coalesce(dec_cmp(${left}, ${right}) ${SIGNS[operator].replace('IS', '=')} 0, 0)`
}

/** Of whole seconds with a moment half a second behind one of them. */
function betweenSeconds(left: string, operator: Comparison, second: string): string {
  switch (operator) {
    case 'eq': return '0'
    case 'ne': return '1'
    case 'gt': case 'ge': return `coalesce(${left} > ${second}, 0)`
    case 'lt': case 'le': return `coalesce(${left} <= ${second}, 0)`
  }
}
