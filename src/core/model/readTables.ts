import { asErpError, ErpError } from '../base/errors.ts'
import { childrenOf, CsdlDocument, nameOf, type XmlAttributes, type XmlNode } from './csdl/document.ts'
import type { Column, Table, TableReference } from './table.ts'

/**
 * Reads the `$metadata` of the Table API (OData 4.01 CSDL XML): one table an entity set, sorted by name. A table whose
 * type is missing or broken has a `problem` and no columns.
 * Throws `unexpected-answer` (fact: reason) where it is no such document, or only a part of one.
 */
export function readTables(bytes: Uint8Array): Table[] {
  const document = new CsdlDocument(bytes)
  const { sets } = document
  if (sets.length === 0) throw new ErpError('unexpected-answer', { reason: 'the metadata names no tables' })
  const setOfType = new Map(sets.map(({ name, type }) => [type, name]))
  return sets
    .map(({ name, type }) => readTable(document, name, type, setOfType))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function readTable(document: CsdlDocument, name: string, type: string, setOfType: ReadonlyMap<string, string>): Table {
  try {
    const node = document.type(type)
    if (node === undefined) throw new ErpError('unexpected-answer', { reason: `the type ${type} is missing` })
    const key = node.children.filter(child => child.name === 'Key').flatMap(({ children }) => children.map(nameOf))
    return {
      name,
      key,
      columns: childrenOf(node, 'Property').map(readColumn),
      references: childrenOf(node, 'NavigationProperty').map(child => readReference(document, child, setOfType)),
    }
  } catch (error) {
    const { facts } = asErpError(error)
    return { name, key: [], columns: [], references: [], problem: String(facts['reason'] ?? '') }
  }
}

function readReference(
  document: CsdlDocument, node: XmlNode, setOfType: ReadonlyMap<string, string>,
): TableReference {
  const type = document.fullName(node.attributes.get('Type') ?? '')
  return {
    name: nameOf(node),
    target: setOfType.get(type) ?? type.replace(/^.*\./, ''),
    columns: node.children
      .filter(child => child.name === 'ReferentialConstraint')
      .map(({ attributes }) => attributes.get('Property') ?? ''),
  }
}

function readColumn({ attributes }: XmlNode): Column {
  return {
    name: attributes.get('Name') ?? '',
    type: attributes.get('Type') ?? 'Edm.String',
    nullable: attributes.get('Nullable') !== 'false',
    ...readSizes(attributes),
  }
}

/** `max` and `variable` are no sizes. */
export function readSizes(attributes: XmlAttributes): Partial<Record<'maxLength' | 'precision' | 'scale', number>> {
  return {
    ...size('maxLength', attributes.get('MaxLength')),
    ...size('precision', attributes.get('Precision')),
    ...size('scale', attributes.get('Scale')),
  }
}

function size<K extends string>(name: K, text: string | undefined): Partial<Record<K, number>> {
  return text !== undefined && /^\d+$/.test(text) ? ({ [name]: Number(text) } as Record<K, number>) : {}
}
