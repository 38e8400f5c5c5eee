import { compareItems, type ItemKind, type ModelItem } from './facts.ts'
import { printFacts, printWord } from './snapshot.ts'

/** What differs between two models, or between two items of the same name in them. */
export interface Difference {
  readonly kind: ItemKind
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Facts before and after, as a snapshot writes them; of something changed those alone that differ. */
  readonly before: string
  readonly after: string
  /** Of something changed. */
  readonly parts: readonly Difference[]
}

/** Compares two models that `modelItems` or `readSnapshot` gave; in their order, equal ones left out. */
export function compareModels(before: readonly ModelItem[], after: readonly ModelItem[]): Difference[] {
  const left = byKey(before)
  const right = byKey(after)
  return mergeKeys(left, right).flatMap(key => differenceOf(left.get(key), right.get(key)))
}

function differenceOf(before: ModelItem | undefined, after: ModelItem | undefined): Difference[] {
  const item = after ?? before
  if (item === undefined) return []
  const { kind, name } = item
  if (before === undefined) return [{ kind, name, change: 'added', before: '', after: printFacts(item.facts), parts: [] }]
  if (after === undefined) return [{ kind, name, change: 'removed', before: printFacts(item.facts), after: '', parts: [] }]
  const parts = [...compareModels(before.items, after.items), ...reordered(before, after)]
  const [old, now] = [printFacts(factsBeyond(before, after)), printFacts(factsBeyond(after, before))]
  return old === now && parts.length === 0 ? [] : [{ kind, name, change: 'changed', before: old, after: now, parts }]
}

/** Facts that the other one doesn't have in the same way. */
function factsBeyond({ facts }: ModelItem, other: ModelItem): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter(([key, fact]) => other.facts[key] !== fact))
}

/** Parameters have an order, which is a fact of their method. */
function reordered(before: ModelItem, after: ModelItem): Difference[] {
  if (before.kind !== 'method') return []
  const order = ({ items }: ModelItem, other: ModelItem): string =>
    items.map(item => item.name).filter(name => other.items.some(item => item.name === name)).join(',')
  const [old, now] = [order(before, after), order(after, before)]
  return old === now ? [] : [{ kind: 'parameter', name: '', change: 'changed', before: old, after: now, parts: [] }]
}

/** A name that comes several times is told apart by its number. */
function byKey(items: readonly ModelItem[]): Map<string, ModelItem> {
  const counts = new Map<string, number>()
  return new Map(items.map(item => {
    const name = `${item.kind} ${item.name}`
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return [`${name}\n${count}`, item]
  }))
}

/** All keys once, in the order of items; parameters stay as they are. */
function mergeKeys(left: ReadonlyMap<string, ModelItem>, right: ReadonlyMap<string, ModelItem>): string[] {
  const items = new Map([...left, ...right])
  return [...items].sort(([, a], [, b]) => a.kind === 'parameter' ? 0 : compareItems(a, b)).map(([key]) => key)
}

/** The items of one model that differ from the other's, with all that they hold: for an editor of differences. */
export function differingItems(items: readonly ModelItem[], differences: readonly Difference[]): ModelItem[] {
  const names = new Set(differences.map(difference => difference.name))
  return items.filter(item => names.has(item.name))
}

const MARKS: Record<Difference['change'], string> = { added: '+', removed: '-', changed: '~' }

/** The differences alone, a line each: `+ attribute X type=…`, `~ attribute Y length=10 → length=20`. */
export function printDifferences(differences: readonly Difference[], indent = ''): string {
  return differences.map(difference => {
    const { kind, name, change, before, after, parts } = difference
    const facts = change === 'changed' ? (before === after ? '' : `${before === '' ? '–' : before} → ${after === '' ? '–' : after}`) : before + after
    const line = [`${indent}${MARKS[change]}`, kind, name === '' ? '' : printWord(name), facts].filter(part => part !== '').join(' ')
    return parts.length === 0 ? line : `${line}\n${printDifferences(parts, `${indent}  `)}`
  }).join('\n')
}
