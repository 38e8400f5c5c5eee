import type { DomainEntity, DomainEntityDetails } from '../domain.ts'
import { lastPart, namespaceOf } from '../naming.ts'
import type { RenamedEntity } from '../renamed.ts'
import type { Table } from '../table.ts'
import { FuzzyPattern, type Target, target } from './fuzzy.ts'

/** Something of the model that one can go to. */
export interface FoundItem {
  readonly kind: 'entity' | 'table' | 'attribute' | 'reference' | 'collection' | 'column' | 'enumValue'
  readonly name: string
  /** Entity set or table: the item itself, or what it is a member of. */
  readonly of: string
  /** Of an enumeration's value the attribute that has it. */
  readonly attribute?: string
  /** What shows where it belongs: a namespace, an entity, a table, the type of an enumeration. */
  readonly container?: string
  /** As the instance calls it. */
  readonly label?: string
}

interface Entry {
  readonly item: FoundItem
  /** The name first; then labels in every language and old names. */
  readonly texts: Target[]
  readonly container: Target
}

/** What one looks for first counts more: an entity before the many references to it. */
const KIND: Readonly<Record<FoundItem['kind'], number>> = {
  entity: 80, table: 75, attribute: 3, reference: 2, collection: 1, column: 0, enumValue: -5,
}

/** A name counts more than what it is also called. */
const OTHER_NAME = -20

/** All names of a model, to be searched as one types. Languages may be added one after another. */
export class SearchIndex {
  readonly #entries = new Map<string, Entry>()

  get size(): number {
    return this.#entries.size
  }

  /** Entities in short or in full, in one language. */
  addEntities(entities: Iterable<DomainEntity | DomainEntityDetails>): void {
    for (const entity of entities) {
      const { entitySet: of, repository, label } = entity
      this.#add({ kind: 'entity', name: lastPart(repository), of, container: namespaceOf(repository), ...labelled(label) }, of)
      if ('attributes' in entity) this.#addMembers(entity)
    }
  }

  addTables(tables: Iterable<Table>): void {
    for (const { name: of, columns } of tables) {
      this.#add({ kind: 'table', name: of, of })
      for (const { name } of columns) this.#add({ kind: 'column', name, of, container: of })
    }
  }

  /** Old names lead to the entities as they are called now. */
  addRenamed(renamed: Iterable<RenamedEntity>): void {
    for (const { oldName, newName } of renamed) {
      const entry = this.#entries.get(keyOf({ kind: 'entity', of: newName, name: '' }))
      if (entry !== undefined) addText(entry, oldName)
    }
  }

  /**
   * The items that fit, the best first. The words of `typed` are looked for each: the first in the item's names, the
   * others there or in what it belongs to; `SalesOrders.State` is `State SalesOrders`. Nothing typed finds nothing.
   */
  search(typed: string, limit: number): FoundItem[] {
    const words = wordsOf(typed)
    if (words.length === 0) return []
    const found: Found[] = []
    for (const entry of this.#entries.values()) {
      const score = scoreOf(entry, words)
      if (score === undefined) continue
      found.push({ item: entry.item, score: score + KIND[entry.item.kind] })
      if (found.length > 4 * limit) found.sort(better).length = limit
    }
    return found.sort(better).slice(0, limit).map(({ item }) => item)
  }

  #addMembers({ entitySet: of, attributes, references, childCollections }: DomainEntityDetails): void {
    for (const { name, label, type, enumValues } of attributes) {
      this.#add({ kind: 'attribute', name, of, container: of, ...labelled(label) })
      const container = lastPart(type)
      for (const value of enumValues) {
        this.#add({ kind: 'enumValue', name: value.name, of, attribute: name, container, ...labelled(value.label) })
      }
    }
    for (const { name, label } of references) this.#add({ kind: 'reference', name, of, container: of, ...labelled(label) })
    for (const { name, label } of childCollections) this.#add({ kind: 'collection', name, of, container: of, ...labelled(label) })
  }

  /** What is there already gets the other names: of another language, or an enumeration's that many attributes have. */
  #add(item: FoundItem, alias?: string): void {
    const key = keyOf(item)
    const known = this.#entries.get(key)
    const entry = known ?? { item, texts: [target(item.name)], container: target(item.container ?? '') }
    if (item.label !== undefined) addText(entry, item.label)
    if (alias !== undefined) addText(entry, alias)
    if (known === undefined) this.#entries.set(key, entry)
  }
}

function addText(entry: Entry, text: string): void {
  if (!entry.texts.some(known => known.text === text)) entry.texts.push(target(text))
}

function labelled(label: string | undefined): { label?: string } {
  return label === undefined ? {} : { label }
}

/** The values of an enumeration are told apart by its type, as many attributes have it. */
function keyOf({ kind, of, name, container }: Pick<FoundItem, 'kind' | 'of' | 'name' | 'container'>): string {
  if (kind === 'entity') return `entity\n${of}`
  return `${kind}\n${kind === 'enumValue' ? container ?? '' : of}\n${name}`
}

/** What stands before a dot or slash is what the rest belongs to. */
function wordsOf(typed: string): FuzzyPattern[] {
  return typed.split(/\s+/).flatMap(word => word.split(/[./]/).reverse()).filter(word => word !== '').map(word => new FuzzyPattern(word))
}

function scoreOf({ texts, container }: Entry, [first, ...others]: readonly FuzzyPattern[]): number | undefined {
  if (first === undefined) return undefined
  let score = bestOf(first, texts)
  for (const word of others) {
    if (score === undefined) return undefined
    const there = word.score(container)
    const here = bestOf(word, texts)
    const best = there === undefined ? here : Math.max(there + OTHER_NAME, here ?? there + OTHER_NAME)
    score = best === undefined ? undefined : score + best
  }
  return score
}

function bestOf(word: FuzzyPattern, texts: readonly Target[]): number | undefined {
  let best: number | undefined
  for (const [index, text] of texts.entries()) {
    const score = word.score(text)
    if (score === undefined) continue
    const weighed = score + (index === 0 ? 0 : OTHER_NAME)
    if (best === undefined || weighed > best) best = weighed
  }
  return best
}

interface Found {
  readonly item: FoundItem
  readonly score: number
}

function better(a: Found, b: Found): number {
  return b.score - a.score || compare(a.item.name, b.item.name) || compare(a.item.of, b.item.of)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
