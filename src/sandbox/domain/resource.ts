import { attributeOf, isA, referenceOf, type Catalog } from './catalog.ts'
import { isGuid } from './data/literals.ts'
import type { Method } from '../data/schema.ts'
import type { DomainAttribute, DomainEntity, DomainReference } from './entities.ts'
import { DomainError } from './problem.ts'
import { Cursor } from './query/cursor.ts'

/** What an address below the service root leads to. */
export type Resource =
  | { readonly kind: 'set'; readonly entity: DomainEntity; readonly set: DomainEntity }
  | { readonly kind: 'count'; readonly entity: DomainEntity }
  | One & { readonly kind: 'one'; readonly set: DomainEntity; readonly to?: To }
  | One & { readonly kind: 'stream'; readonly attribute: DomainAttribute }
  | One & { readonly kind: 'function'; readonly call: Call }

interface One { readonly entity: DomainEntity; readonly key: string }
/** A reference of the one entity that is followed, to the entity it leads to or one that extends it. */
export interface To { readonly reference: DomainReference; readonly entity: DomainEntity }
export interface Call { readonly method: Method; readonly args: ReadonlyMap<string, string> }

/** What came before the set now: old name, new name, and the version that renamed it. */
export const RENAMED = [
  ['Crm_Customers', 'Crm_Sales_Customers', '24.1.5.35'],
  ['Crm_SalesPersons', 'Crm_SalesForce_SalesPersons', '24.1.5.35'],
  ['General_DocumentTypes', 'Systems_Documents_DocumentTypes', '24.1.5.35'],
  ['General_CustomProperties', 'Systems_Bpm_CustomProperties', '24.1.5.41'],
] as const

/**
 * Reads `Set`, `Set/Erp.Type`, `Set/$count`, `Set(guid)`, `Set(guid)/Erp.Type`, `Set(guid)/Reference`,
 * `Set(guid)/Reference/Erp.Type`, `Set(guid)/Stream`, `Set(guid)/Function(…)`.
 * @returns undefined where there is nothing
 * @throws DomainError for a set that has been renamed, and for actions
 */
export function readResource(catalog: Catalog, path: string, root: string): Resource | undefined {
  const [, name = '', key, rest = ''] = /^(\w+)(?:\(([^()]*)\))?(?:\/(.+))?$/.exec(path) ?? []
  const set = catalog.set(name)
  if (!set) {
    const renamed = RENAMED.find(([old]) => old === name)
    if (renamed) throw new DomainError('renamed', name, renamed[1], `${root}GetRenamedEntityTypes`)
    return undefined
  }
  if (key === undefined) return ofSet(catalog, set, rest)
  if (!isGuid(key)) throw new DomainError('literal', key, set.key, 'Edm.Guid')
  return ofOne(catalog, set, key.toLowerCase(), rest)
}

function ofSet(catalog: Catalog, set: DomainEntity, rest: string): Resource | undefined {
  const [first = '', ...more] = rest.split('/')
  if (first === '') return { kind: 'set', entity: set, set }
  if (first === '$count' && more.length === 0) return { kind: 'count', entity: set }
  const entity = cast(catalog, set, first)
  if (!entity) return undefined
  if (more.length === 0) return { kind: 'set', entity, set }
  return more.length === 1 && more[0] === '$count' ? { kind: 'count', entity } : undefined
}

function ofOne(catalog: Catalog, set: DomainEntity, key: string, rest: string): Resource | undefined {
  if (rest === '') return { kind: 'one', entity: set, set, key }
  const [first = '', ...more] = rest.split('/')
  const derived = cast(catalog, set, first)
  if (derived) return ofOne(catalog, derived, key, more.join('/'))
  const reference = referenceOf(set, first)
  if (reference) {
    const target = catalog.of(reference.target)
    const [type] = more
    const entity = type === undefined ? target : cast(catalog, target, type)
    if (!entity || more.length > 1) return undefined
    return { kind: 'one', entity: set, set: target, key, to: { reference, entity } }
  }
  const attribute = attributeOf(set, first)
  if (attribute?.type === 'Edm.Stream' && more.length === 0) return { kind: 'stream', entity: set, key, attribute }
  const call = readCall(set, rest)
  return call && { kind: 'function', entity: set, key, call }
}

/** `Erp.Crm_Sales_SalesOrder`: only what the entity is, or extends it. */
function cast(catalog: Catalog, entity: DomainEntity, segment: string): DomainEntity | undefined {
  const derived = segment.startsWith('Erp.') ? catalog.type(segment.slice('Erp.'.length)) : undefined
  return derived && isA(derived, entity) ? derived : undefined
}

/** `Erp.GetPropertyAllowedValues(propertyName='State',top=3)` */
function readCall(entity: DomainEntity, text: string): Call | undefined {
  const [, name = '', inner] = /^(?:Erp\.)?(\w+)(?:\((.*)\))?$/.exec(text) ?? []
  const method = entity.methods.find(candidate => candidate.name === name)
  if (!method) return undefined
  if (method.action || inner === undefined) throw new DomainError('method', name)
  const args = new Map<string, string>()
  const cursor = new Cursor(inner)
  while (cursor.next !== '') {
    const parameter = cursor.name()
    cursor.expect('=')
    args.set(parameter, cursor.literal().value)
    if (!cursor.take(',')) cursor.end()
  }
  return { method, args }
}
