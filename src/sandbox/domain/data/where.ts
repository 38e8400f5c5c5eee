import type { Value } from '../../data/database.ts'
import type { FilterKind } from '../../data/schema.ts'
import { keyEquals } from '../../data/source.ts'
import type { Catalog } from '../catalog.ts'
import { DomainError } from '../problem.ts'
import type { Literal } from '../query/cursor.ts'
import type { Condition } from '../query/filter.ts'
import { customValues } from './custom.ts'
import type { Ids } from './ids.ts'
import { readLiteral, readText } from './literals.ts'
import { resolve, type AttributeProperty, type Property } from './paths.ts'
import type { Scope } from './scope.ts'

export interface Where {
  readonly sql: string
  readonly values: readonly Value[]
}

/** Checks a filter against the model, strictly, and makes SQL of it. @throws DomainError */
export function toWhere(catalog: Catalog, ids: Ids, scope: Scope, condition: Condition): Where {
  const builder = new WhereBuilder(catalog, ids, scope)
  return { sql: builder.condition(condition), values: builder.values }
}

class WhereBuilder {
  readonly values: Value[] = []
  readonly #catalog: Catalog
  readonly #ids: Ids
  readonly #scope: Scope

  constructor(catalog: Catalog, ids: Ids, scope: Scope) {
    this.#catalog = catalog
    this.#ids = ids
    this.#scope = scope
  }

  condition(condition: Condition): string {
    if (condition.kind === 'and') return condition.parts.map(part => `(${this.condition(part)})`).join(' AND ')
    const property = resolve(this.#scope, condition.path)
    switch (condition.kind) {
      case 'compare': {
        const { operator, literal } = condition
        if (operator === 'eq') return this.#equals(property, operator, 'Equals', [literal])
        return this.#range(property, operator, operator === 'ge' ? '>=' : '<=', literal)
      }
      case 'in': return this.#equals(property, 'in', 'EqualsIn', condition.literals)
      case 'call': return this.#call(property, condition)
    }
  }

  #call(property: Property, { name, literal }: Extract<Condition, { kind: 'call' }>): string {
    switch (name) {
      case 'equalnull': return `${property.sql} IS NULL OR ${this.#equals(property, name, 'Equals', [literal])}`
      case 'lessequalnull': return `${property.sql} IS NULL OR ${this.#range(property, name, '<=', literal)}`
      case 'greaterequalnull': return `${property.sql} IS NULL OR ${this.#range(property, name, '>=', literal)}`
      default: return this.#text(property, name, literal)
    }
  }

  #equals(property: Property, operator: string, kind: FilterKind, literals: readonly Literal[]): string {
    if (property.kind === 'attribute' && property.attribute.kind === 'custom') {
      const [literal] = literals
      if (operator !== 'eq' || !literal) throw new DomainError('customProperty', property.name)
      const custom = customValues(this.#catalog.schema, this.#scope, property.place, property.name)
      this.values.push(...custom.values, readText(property.name, literal))
      return custom.equals
    }
    allow(property, kind, operator)
    return literals.map(literal => this.#is(property, literal)).join(' OR ')
  }

  #is(property: Property, literal: Literal): string {
    if (property.kind === 'reference') {
      const target = this.#catalog.of(property.reference.target)
      if (literal.value === 'null') throw new DomainError('nullLiteral', property.name)
      if (literal.kind !== 'text') throw new DomainError('literal', literal.value, property.name, 'Edm.String')
      const id = this.#ids.literal(literal.value, target, property.name)
      if (id === undefined) return '0'
      this.values.push(id)
      return keyEquals(property.source, property.column, '?')
    }
    this.values.push(readLiteral(this.#catalog.schema, property, literal))
    const { column, source, sql } = property
    if (column?.type === 'decimal') return `decimal_compare(${sql}, ?) = 0`
    return column?.type === 'uniqueidentifier' && source ? keyEquals(source, column, '?') : `${sql} = ?`
  }

  #range(property: Property, operator: string, sign: '>=' | '<=', literal: Literal): string {
    allow(property, 'GreaterThanOrLessThan', operator)
    if (property.kind === 'reference') throw new DomainError('operator', operator)
    this.values.push(readLiteral(this.#catalog.schema, property, literal))
    const { column, sql } = property
    return column?.type === 'decimal' ? `decimal_compare(${sql}, ?) ${sign} 0` : `${sql} ${sign} ?`
  }

  #text(property: Property, name: string, literal: Literal): string {
    if (property.kind === 'reference') throw new DomainError('filter', property.name, name, kinds(property))
    const multilanguage = property.column?.multilanguage === true
    if (multilanguage && name !== 'contains') throw new DomainError('multilanguage', property.name)
    allow(property, 'Like', name)
    if (property.attribute.type !== 'Edm.String' && !multilanguage) {
      throw new DomainError('filter', property.name, name, kinds(property))
    }
    this.values.push(readText(property.name, literal))
    return multilanguage ? `language_match(${property.sql}, ?)` : `text_match(${property.sql}, ?, '${name}')`
  }
}

function allow(property: Property, kind: FilterKind, operator: string): void {
  if (property.kind === 'attribute') allowType(property, operator)
  if (property.filters.size === 0) throw new DomainError('notFilterable', property.name)
  if (!property.filters.has(kind)) throw new DomainError('filter', property.name, operator, kinds(property))
}

function allowType({ name, attribute, column, number }: AttributeProperty, operator: string): void {
  if (column?.measure && !number) throw new DomainError('measure', name)
  if (column?.multilanguage && operator !== 'contains') throw new DomainError('multilanguage', name)
  if (attribute.kind === 'custom') throw new DomainError('customProperty', name)
}

function kinds({ filters }: Property): string {
  return filters.size === 0 ? 'NotFilterable' : [...filters].join(', ')
}
