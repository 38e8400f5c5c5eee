import type {
  Entity, EntitySource, EnumMember, MemberFacts, Place, Schema, Table, ToldEntity,
} from '../schema.ts'
import {
  readModelFiles, type AttributeFacts, type ColumnFacts, type EntityFacts, type ModelFiles, type ReferenceFacts,
  type TableFacts,
} from './files.ts'
import { growAs } from './company.ts'
import { matchColumns, type Match, type Matches } from './match.ts'
import { isFilterKind, makeTable, type DomainSide } from './tables.ts'
import { attributeType, MethodReader, readEnumerations } from './types.ts'

/**
 * The model of the files in a folder, at its full size. What the files don't tell is made up, always in the same way:
 * which column an attribute lies in, names of navigations, EDM types, the table of an entity that has none.
 * @param company the sandbox's own schema: what of it grows does so in the model too
 * @throws UsageError when a file is missing, isn't JSON, or is of another form
 */
export function readModel(folder: string, company: Schema): Schema {
  return new ModelReader(readModelFiles(folder)).schema(company)
}

class ModelReader {
  readonly #tables: Map<string, TableFacts>
  readonly #entities: ReadonlyMap<string, EntityFacts>
  readonly #enums: ReadonlyMap<string, readonly EnumMember[]>
  readonly #methods: MethodReader
  /** The table of each repository. */
  readonly #tableOf = new Map<string, TableFacts>()
  readonly #matches = new Map<string, Matches>()

  constructor({ tables, entities }: ModelFiles) {
    this.#tables = new Map(tables)
    this.#entities = entities
    this.#enums = readEnumerations(entities.values())
    this.#methods = new MethodReader(entities.values(), this.#enums)
    for (const table of tables.values()) if (table.entity !== undefined) this.#tableOf.set(table.entity, table)
    for (const entity of entities.values()) {
      if (!this.#tableOf.has(entity.repository)) {
        this.#tableOf.set(entity.repository, tables.get(entity.table ?? '') ?? tableFor(entity))
      }
    }
  }

  schema(company: Schema): Schema {
    const sides = this.#domainSides()
    const all = new Map([...this.#tables, ...[...this.#tableOf.values()].map(facts => [facts.name, facts] as const)])
    const plain = new Map([...all].map(([name, facts]) => [name, makeTable(facts, all, sides, this.#enums)]))
    const made = growAs(company, plain)
    const tables = new Map([...made].filter(([name]) => this.#tables.has(name)))
    const entities = new Map([...this.#entities].map(([name, facts]) => [name, this.#entity(facts, made)]))
    return { tables, entities, enums: this.#enums }
  }

  #match(entity: EntityFacts): Matches {
    const known = this.#matches.get(entity.repository)
    if (known) return known
    const base = this.#base(entity)
    const matches = matchColumns(entity, this.#tableOf.get(entity.repository), base && this.#match(base))
    this.#matches.set(entity.repository, matches)
    return matches
  }

  /** Undefined for none, for an unknown one, and where a chain of bases leads back to the entity itself. */
  #base({ repository, base }: EntityFacts): EntityFacts | undefined {
    const seen = new Set([repository])
    for (let name = base; name !== undefined; name = this.#entities.get(name)?.base) {
      if (seen.has(name)) return undefined
      seen.add(name)
    }
    return base === undefined ? undefined : this.#entities.get(base)
  }

  /** What the Domain model tells of columns. An entity's own members come before those of its descendants. */
  #domainSides(): ReadonlyMap<ColumnFacts, DomainSide> {
    const sides = new Map<ColumnFacts, DomainSide>()
    for (const entity of this.#entities.values()) {
      const { attributes, references } = this.#match(entity)
      const own = this.#tableOf.get(entity.repository)?.name
      for (const attribute of entity.attributes) {
        const match = attributes.get(attribute.name)
        if (match?.table === own && match && !sides.has(match.column)) sides.set(match.column, { attribute })
      }
      for (const reference of entity.references) {
        const match = references.get(reference.name)
        const told = match && sides.get(match.column)
        if (match?.table !== own || !match || (told && !reference.owner)) continue
        sides.set(match.column, { ...told, reference })
      }
    }
    for (const entity of this.#entities.values()) {
      for (const { name, target } of entity.collections) {
        const column = this.#childColumn(entity, target)
        if (column) sides.set(column, { collection: name, ...sides.get(column) })
      }
    }
    return sides
  }

  /** The column by which the rows of a child collection name the one they belong to, or its base. */
  #childColumn(parent: EntityFacts, target: string): ColumnFacts | undefined {
    const above = new Set<string | undefined>()
    for (let entity: EntityFacts | undefined = parent; entity; entity = this.#base(entity)) {
      above.add(this.#tableOf.get(entity.repository)?.name)
    }
    const leading = this.#tableOf.get(target)?.columns.filter(({ ref }) => ref !== undefined && above.has(ref)) ?? []
    return leading.find(({ owner }) => owner) ?? leading.find(({ nullable }) => !nullable) ?? leading[0]
  }

  #entity(facts: EntityFacts, made: ReadonlyMap<string, Table>): Entity {
    const table = made.get(this.#tableOf.get(facts.repository)?.name ?? '')
    if (!table) throw new Error(`${facts.repository} has no table`)
    return {
      repository: facts.repository, set: facts.set, type: facts.type, display: facts.display, table,
      category: isCategory(facts.category) ? facts.category : 'Definitions',
      base: this.#base(facts)?.repository,
      told: this.#told(facts, made),
    }
  }

  #told(facts: EntityFacts, made: ReadonlyMap<string, Table>): ToldEntity {
    const { attributes, references } = this.#match(facts)
    const place = (match: Match | undefined) => match && placeOf(made, match.table, match.column.name)
    const known = (repository: string | undefined) =>
      repository !== undefined && this.#entities.has(repository) ? repository : undefined
    return {
      parent: known(facts.parent), root: known(facts.root),
      attributes: facts.attributes.map(attribute => ({
        name: attribute.name, type: attributeType(attribute), place: place(attributes.get(attribute.name)),
        facts: {
          ...memberFacts(attribute, made), orderable: attribute.orderable, category: attribute.category,
          enum: attribute.enumType,
        },
      })),
      references: facts.references.flatMap(reference => {
        const at = place(references.get(reference.name))
        if (!at || !this.#entities.has(reference.target)) return []
        const { owner, filterable } = reference
        const more = { owner, filterable: owner || filterable }
        const facts = { ...memberFacts(reference, made), ...more }
        return [{ name: reference.name, target: reference.target, place: at, facts }]
      }),
      collections: facts.collections.filter(({ target }) => this.#entities.has(target))
        .map(({ name, target }) => ({ name, child: target })),
      methods: facts.methods.map(method => this.#methods.read(facts, method)),
    }
  }
}

function memberFacts(member: AttributeFacts | ReferenceFacts, made: ReadonlyMap<string, Table>): MemberFacts {
  const { nullable, readonly, obsolete, filters, baseColumn } = member
  const [alias = '', column = ''] = baseColumn?.split('.') ?? []
  return {
    nullable, readonly, obsolete, filters: new Set(filters.filter(isFilterKind)),
    shows: placeOf(made, alias.replace(/_Table$/, ''), column),
  }
}

function placeOf(made: ReadonlyMap<string, Table>, table: string, name: string): Place | undefined {
  const column = made.get(table)?.columns.find(candidate => candidate.name === name)
  return column && { table, column }
}

/** A table for an entity that has none in the files; the Table API doesn't show it. */
function tableFor({ repository, attributes, references }: EntityFacts): TableFacts {
  const column = {
    size: undefined, key: false, ref: undefined, owner: false, allowed: [], multilanguage: false, sortable: false,
    default: undefined,
  }
  return {
    name: `${repository.replaceAll('.', '_')}_Table`, entity: repository, view: true, hidden: true,
    columns: [
      ...attributes.filter(({ category }) => category === 'System').map(attribute => ({
        ...column, name: attribute.name, nullable: attribute.nullable, filters: attribute.filters,
        readonly: attribute.readonly, ...sqlType(attribute.type),
      })),
      ...references.map(({ name, nullable, filters, readonly }) => ({
        ...column, name: `${name}_Id`, type: 'uniqueidentifier', nullable, filters, readonly,
      })),
    ],
  }
}

/** `decimal (38, 2)` as the files have it in columns. */
function sqlType(words: string): { readonly type: string; readonly size?: string } {
  const [, name = '', size] = /^(.*?)(?: \((.*)\))?$/.exec(words) ?? []
  const type = { guid: 'uniqueidentifier', int32: 'int', int64: 'bigint', boolean: 'bit', string: 'nvarchar' }[name]
  return { type: type ?? name, ...(size === undefined ? {} : { size }) }
}

function isCategory(text: string | undefined): text is EntitySource['category'] {
  return ['Definitions', 'Documents', 'Settings', 'SystemData', 'Views', 'DynamicViews'].includes(text ?? '')
}
