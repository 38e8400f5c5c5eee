import type { DatabaseSync } from 'node:sqlite'

import { attributeOf, type Catalog } from './catalog.ts'
import type { Language } from './culture.ts'
import { customValues } from './data/custom.ts'
import { Scope } from './data/scope.ts'
import { languagesText } from './data/values.ts'
import type { DomainEntity } from './entities.ts'
import { DomainError } from './problem.ts'
import type { Call } from './resource.ts'
import { localName } from './words.ts'

/** The two functions that every entity has: which values an enumeration, or a custom property, may take. */
export function allowedValues(
  { database, catalog }: { database: DatabaseSync; catalog: Catalog }, entity: DomainEntity, { method, args }: Call,
  language: Language,
): readonly unknown[] {
  for (const { name, optional } of method.parameters) {
    if (!optional && !args.has(name)) throw new DomainError('argument', method.name, name)
  }
  const stray = [...args.keys()].find(name => !method.parameters.some(parameter => parameter.name === name))
  if (stray !== undefined) throw new DomainError('option', stray)
  const skip = Number(args.get('skip') ?? 0)
  const top = Number(args.get('top') ?? 10)
  const search = (args.get('search') ?? '').toLowerCase()
  const found = method.name === 'GetPropertyAllowedValues'
    ? ofProperty(catalog, entity, args.get('propertyName') ?? '', language)
    : method.name === 'GetAllowedCustomPropertyValues'
      ? ofCustomProperty(database, catalog, entity, args.get('customPropertyCode') ?? '') : undefined
  if (!found) throw new DomainError('function', method.name)
  return found.filter(value => JSON.stringify(value).toLowerCase().includes(search)).slice(skip, skip + top)
}

function ofProperty(catalog: Catalog, entity: DomainEntity, name: string, language: Language): readonly unknown[] {
  const attribute = attributeOf(entity, name)
  if (!attribute) throw new DomainError('property', name, entity.entity.type)
  const members = catalog.schema.enums.get(attribute.facts.enum ?? '') ?? []
  return members.map(member => ({ Value: member.name, Text: localName(member.name, language) }))
}

/** Those that are in use; the sandbox keeps no list of its own. */
function ofCustomProperty(
  database: DatabaseSync, catalog: Catalog, entity: DomainEntity, code: string,
): readonly unknown[] {
  const scope = new Scope(catalog, entity)
  const { values, select } = customValues(catalog.schema, scope, scope.root, code)
  const all = select.slice(0, select.lastIndexOf(' AND ')).replace('SELECT', 'SELECT DISTINCT')
  return database.prepare(`${all} ORDER BY 1`).all(...values).map(row => {
    const [value, description, valueId] = Object.values(row)
    const languages: unknown = typeof description === 'string' ? JSON.parse(languagesText(description, false)) : null
    return { Value: value, Description: languages, ValueId: valueId }
  })
}
