import type { AttributeFacts, ColumnFacts, EntityFacts, ReferenceFacts, TableFacts } from './files.ts'

/** The columns in which an entity's attributes and references lie, its own and the inherited ones, by their names. */
export interface Matches {
  readonly attributes: ReadonlyMap<string, Match>
  readonly references: ReadonlyMap<string, Match>
}

export interface Match {
  readonly table: string
  readonly column: ColumnFacts
}

/**
 * Finds columns by names alone, since the files don't tell them: `DocumentNo` is `Document_No`; `Code` of
 * `MaintenanceTypes` is `Maintenance_Type_Code`; `Id` is the key. What can mean several columns lies in none.
 * @param table undefined: none of its own, so that it has only what it inherits
 * @param base what the entity that it derives from has
 */
export function matchColumns(entity: EntityFacts, table: TableFacts | undefined, base: Matches | undefined): Matches {
  const finder = new ColumnFinder(entity, table)
  const references = finder.all(
    entity.references, base?.references, [sameReference(table), referenceObject, endOfReference(table)],
  )
  const attributes = finder.all(entity.attributes, base?.attributes, [sameName, keyOf, ownName(entity), endOfName])
  return {
    attributes: new Map([...finder.sharedKey(), ...attributes]),
    references: new Map([...references, ...finder.sharedDocument(references)]),
  }
}

/** Whether a column can be the one, by one of the rules. */
type Rule<T> = (member: T, candidate: Candidate) => boolean

interface Candidate {
  readonly column: ColumnFacts
  /** Its name without underscores, and then without `Id`, too. */
  readonly words: string
  readonly short: string
}

class ColumnFinder {
  readonly #entity: EntityFacts
  readonly #table: TableFacts | undefined
  /** Each column is one member alone. */
  readonly #free: Set<Candidate>

  constructor(entity: EntityFacts, table: TableFacts | undefined) {
    this.#entity = entity
    this.#table = table
    this.#free = new Set(table?.columns.filter(({ type }) => type !== 'timestamp').map(column => {
      const [words, short] = [column.name, column.name.replace(/_Id$/, '')].map(name => name.replaceAll('_', ''))
      return { column, words: words ?? '', short: short ?? '' }
    }))
  }

  /** The first rule decides for all members before the next one is tried; what is inherited comes after the first. */
  all<T extends { readonly name: string }>(
    members: readonly T[], inherited: ReadonlyMap<string, Match> = new Map(), [first, ...others]: readonly Rule<T>[],
  ): ReadonlyMap<string, Match> {
    const found = new Map<string, Match>()
    if (first) this.#apply(first, members, found)
    for (const { name } of members) {
      const match = found.get(name) ?? inherited.get(name)
      if (match) found.set(name, match)
    }
    for (const rule of others) this.#apply(rule, members, found)
    return found
  }

  /** `Document` of a line: the document to which it belongs, in the same column as the reference to its owner. */
  sharedDocument(found: ReadonlyMap<string, Match>): readonly (readonly [string, Match])[] {
    const document = this.#entity.references.find(({ name }) => name === 'Document' && !found.has(name))
    const owner = this.#entity.references.find(({ owner, target }) => owner && target === document?.target)
    const match = owner && found.get(owner.name)
    return match ? [['Document', match]] : []
  }

  /** `Id` of what has a key of several columns, each of which is a reference: the first of them. */
  sharedKey(): readonly (readonly [string, Match])[] {
    const column = this.#table?.columns.find(({ key }) => key)
    const id = this.#entity.attributes.some(({ name }) => name === 'Id')
    return this.#table && column && id ? [['Id', { table: this.#table.name, column }]] : []
  }

  #apply<T extends { readonly name: string }>(rule: Rule<T>, members: readonly T[], found: Map<string, Match>): void {
    const { name: table = '' } = this.#table ?? {}
    for (const member of members) {
      if (found.has(member.name)) continue
      const [candidate, ...more] = [...this.#free].filter(free => rule(member, free))
      if (!candidate || more.length > 0) continue
      found.set(member.name, { table, column: candidate.column })
      this.#free.delete(candidate)
    }
  }
}

/**
 * `AccountGroup` is `Account_Group_Id`. No column of a view says that it leads somewhere, so any GUID will do, but for
 * the one that is the row's own key.
 */
function sameReference(table: TableFacts | undefined): Rule<ReferenceFacts> {
  const oneKey = table?.columns.filter(({ key }) => key).length === 1
  return ({ name }, { column, words, short }) => (short === name || words === name)
    && column.type === 'uniqueidentifier' && !(oneKey && column.key && column.ref === undefined)
}

/** `TransactionObj` is `Transaction_Id`: so are references called whose plain name means something else. */
function referenceObject({ name }: ReferenceFacts, { column, short }: Candidate): boolean {
  return column.ref !== undefined && `${short}Obj` === name
}

/** `Parent` is `Parent_Document_Id`; a link to the base entity's table is never one. */
function endOfReference(table: TableFacts | undefined): Rule<ReferenceFacts> {
  return ({ name }, { column, short }) => table?.view !== true && column.ref !== undefined && !column.owner
    && (short.startsWith(name) || short.endsWith(name))
}

function sameName({ name }: AttributeFacts, { column, words }: Candidate): boolean {
  return words === name && column.ref === undefined
}

function keyOf({ name }: AttributeFacts, { column }: Candidate): boolean {
  return name === 'Id' && column.key
}

/**
 * `DocumentNotes` of `Document` is `Notes`, `DocumentId` is `Id`: a base entity names them so that they don't clash
 * with its descendants'. A column that is called as the entity itself is `ProductCodeField`.
 */
function ownName({ type }: EntityFacts): Rule<AttributeFacts> {
  const own = type.slice(type.lastIndexOf('_') + 1)
  return ({ name, category }, { column, words }) => category === 'System' && column.ref === undefined
    && (`${own}${words}` === name || `${words}Field` === name)
}

/** `Code` is `Maintenance_Type_Code`, when no other column ends so. */
function endOfName({ name, category }: AttributeFacts, { column, words }: Candidate): boolean {
  return category === 'System' && column.ref === undefined && words.endsWith(name)
}
