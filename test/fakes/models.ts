import type { DomainAttribute, DomainEntityDetails, DomainReference } from '../../src/core/model/domain.ts'

/** Entities, attributes and references of which a test says only what it is about. */

export function entityOf(entitySet: string, more: Partial<DomainEntityDetails> = {}): DomainEntityDetails {
  return {
    entitySet, repository: entitySet.replaceAll('_', '.'), isAggregateRoot: false,
    attributes: [], references: [], childCollections: [], methods: [], ...more,
  }
}

export function attributeOf(name: string, type = 'Edm.String', more: Partial<DomainAttribute> = {}): DomainAttribute {
  return { name, type, nullable: false, readOnly: false, custom: false, calculated: false, enumValues: [], ...more }
}

export function referenceOf(name: string, target: string, more: Partial<DomainReference> = {}): DomainReference {
  return { name, target, nullable: false, readOnly: false, ownership: false, filterable: false, ...more }
}

/** Names with whatever a name may be made of, and what no language takes. */
export const ODD_NAMES = [
  'Eco.Label', 'Eco_Label', 'Eco-Label', 'два думи', '2nd', '', 'class', 'interface', 'string', 'constructor', '__proto__', 'toString',
  'GetType', "it's", 'a"b', 'back\\slash', '*/ alert(1) /*', '`${x}`', 'line\nbreak', '\u2028', '\u0000', '😀', '</summary>', '#', '@odata.id',
  'Customer@odata.bind', 'EntityLink', 'Amount', 'Identifiers', 'e\u0301', '\u00e9', 'true', '=', 'a=b c', '|', '[x](command:y)', '<img src=x>',
]
