import { ErpError } from '../base/errors.ts'
import type { DomainEntity } from './domain.ts'
import type { Table } from './table.ts'

/** An entity by its entity set, its repository or its type. */
export function findEntity(entities: readonly DomainEntity[], name: string): DomainEntity | undefined {
  return entities.find(({ entitySet, repository }) => [entitySet, repository].includes(name))
    ?? entities.find(({ entityType }) => entityType !== undefined && [entityType, entityType.replace('Erp.', '')].includes(name))
}

/** The table of that name. Throws `table-unknown` with the nearest name as `suggestion`, if one is near. */
export function findTable(tables: readonly Table[], name: string): Table {
  const table = tables.find(candidate => candidate.name === name)
  if (table !== undefined) return table
  const suggestion = nearest(tables.map(candidate => candidate.name), name)
  throw new ErpError('table-unknown', suggestion === undefined ? { table: name } : { table: name, suggestion })
}

/** A typing mistake is at most this many letters, and half of a short name. */
const NEAR = 3

/** The name that was probably meant. */
export function nearest(names: readonly string[], wanted: string): string | undefined {
  const folded = wanted.toLowerCase()
  const near = Math.min(NEAR, Math.max(1, Math.floor(folded.length / 2)))
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    if (Math.abs(name.length - folded.length) > near) continue
    const distance = editDistance(name.toLowerCase(), folded)
    if (distance <= near && (best === undefined || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
