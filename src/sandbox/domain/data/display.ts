import { attributeOf, referenceOf } from '../catalog.ts'
import type { DomainAttribute, DomainEntity } from '../entities.ts'
import type { Place, Scope } from './scope.ts'

/** A piece of an entity's display format: text as it is, or the value of an attribute. */
export type DisplayPart = string | { readonly place: Place; readonly attribute: DomainAttribute }

/**
 * `{DocumentType.TypeName:T} {DocumentNo}` taken apart; what isn't in the model, or has no column, is left out.
 * @param scope the statement that reads the values
 */
export function displayParts(scope: Scope, place: Place): readonly DisplayPart[] {
  return place.entity.entity.display.split(/(\{[^}]*\})/).flatMap((piece): readonly DisplayPart[] => {
    const path = /^\{([\w.]+)/.exec(piece)?.[1]?.split('.')
    if (!path) return piece === '' ? [] : [piece]
    const found = walk(scope, place, path)
    return found?.attribute.column ? [found] : []
  })
}

function walk(scope: Scope, place: Place, path: readonly string[]): Exclude<DisplayPart, string> | undefined {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    const attribute = attributeOf(place.entity, name) ?? attributeOf(place.entity, name.replace(/Value$/, ''))
    return attribute && { place, attribute }
  }
  const reference = referenceOf(place.entity, name)
  return reference && walk(scope, scope.follow(place, reference), rest)
}

/** The SQL of the texts that `$search` looks into: the display format's, and own codes, names and numbers. */
export function searchTexts(scope: Scope): readonly string[] {
  const { root } = scope
  const shown = displayParts(scope, root).filter(part => typeof part !== 'string')
  const own = namesOf(root.entity).map(attribute => ({ place: root, attribute }))
  const texts = [...shown, ...own].flatMap(({ place, attribute: { table, column } }) =>
    table !== undefined && column ? [scope.value(place, table, column)] : [])
  return [...new Set(texts)]
}

function namesOf({ attributes }: DomainEntity): readonly DomainAttribute[] {
  return attributes.filter(({ name, type, column }) =>
    column && /(?:^|[a-z])(?:Code|Name|Number|No)$/.test(name) && /^E(?:rp\.Multi|dm\.)[a-z]*String$/.test(type))
}
