import { ErpError } from '../base/errors.ts'
import type { Column, Table, TableReference } from './table.ts'
import { xmlElements } from './xml.ts'

type Attributes = ReadonlyMap<string, string>

/** An entity type while it is being read. */
interface TypeDraft {
  readonly key: string[]
  readonly columns: Column[]
  readonly references: { name: string; type: string; columns: string[] }[]
}

/**
 * Reads the `$metadata` of the Table API (OData 4.01 CSDL XML): one table an entity set, sorted by name.
 * Throws `unexpected-answer` (fact: reason) where it is not such a document.
 */
export function readTables(xml: string): Table[] {
  const { types, sets } = readSchemas(xml)
  if (sets.size === 0) throw new ErpError('unexpected-answer', { reason: 'the metadata names no tables' })
  const setOfType = new Map([...sets].map(([set, type]) => [type, set]))
  return [...sets]
    .map(([name, type]) => {
      const draft = types.get(type)
      return {
        name,
        key: draft?.key ?? [],
        columns: draft?.columns ?? [],
        references: (draft?.references ?? []).map(reference => toReference(reference, setOfType)),
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toReference(reference: TypeDraft['references'][number], setOfType: ReadonlyMap<string, string>): TableReference {
  const type = localName(reference.type)
  return { name: reference.name, target: setOfType.get(type) ?? type, columns: reference.columns }
}

function readSchemas(xml: string): { types: Map<string, TypeDraft>; sets: Map<string, string> } {
  const types = new Map<string, TypeDraft>()
  const sets = new Map<string, string>()
  let type: TypeDraft | undefined
  for (const event of xmlElements(xml)) {
    if (event.kind === 'close') {
      if (event.name === 'EntityType') type = undefined
    } else if (event.name === 'EntityType') {
      const draft: TypeDraft = { key: [], columns: [], references: [] }
      types.set(event.attributes.get('Name') ?? '', draft)
      type = event.empty ? undefined : draft
    } else if (event.name === 'EntitySet') {
      sets.set(event.attributes.get('Name') ?? '', localName(event.attributes.get('EntityType') ?? ''))
    } else if (type !== undefined) readMember(type, event.name, event.attributes)
  }
  return { types, sets }
}

function readMember(type: TypeDraft, element: string, attributes: Attributes): void {
  const name = attributes.get('Name') ?? ''
  if (element === 'PropertyRef') type.key.push(name)
  else if (element === 'Property') type.columns.push(readColumn(name, attributes))
  else if (element === 'NavigationProperty') {
    type.references.push({ name, type: attributes.get('Type') ?? '', columns: [] })
  } else if (element === 'ReferentialConstraint') {
    type.references.at(-1)?.columns.push(attributes.get('Property') ?? '')
  }
}

function readColumn(name: string, attributes: Attributes): Column {
  return {
    name,
    type: attributes.get('Type') ?? 'Edm.String',
    nullable: attributes.get('Nullable') !== 'false',
    ...size('maxLength', attributes.get('MaxLength')),
    ...size('precision', attributes.get('Precision')),
    ...size('scale', attributes.get('Scale')),
  }
}

/** `max` and `variable` are no sizes. */
function size<K extends string>(name: K, text: string | undefined): Partial<Record<K, number>> {
  return text !== undefined && /^\d+$/.test(text) ? ({ [name]: Number(text) } as Record<K, number>) : {}
}

/** `Erp.Gen_Documents` and `Collection(Erp.Gen_Documents)` are both `Gen_Documents`. */
function localName(type: string): string {
  return type.replace(/^Collection\((.*)\)$/, '$1').replace(/^.*\./, '')
}
