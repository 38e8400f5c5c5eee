import type {
  DomainAttribute, DomainEntity, DomainEntityDetails, DomainEnumValue, DomainMethod, DomainReference,
} from './domain.ts'
import { childrenOf, type CsdlDocument, nameOf, type XmlNode } from './csdl/document.ts'
import { xmlElements } from './csdl/xml.ts'
import { optional } from './readDomain.ts'
import { readSizes } from './readTables.ts'

/**
 * The Domain model of older instances, that of the Domain API's `$metadata` (protocol sheet, section 3, "`$metadata` in
 * detail"). It tells no labels, filters and columns.
 */
export class MetadataReader {
  readonly document: CsdlDocument
  readonly #setOfType: ReadonlyMap<string, string>
  #operations: ReadonlyMap<string, readonly XmlNode[]> | undefined

  constructor(document: CsdlDocument) {
    this.document = document
    this.#setOfType = new Map(document.sets.map(({ name, type }) => [type, name]))
  }

  /** All entities in short, sorted. */
  entities(): DomainEntity[] {
    return this.document.sets
      .map(({ name, type }) => this.#entity(name, type))
      .sort((a, b) => (a.repository < b.repository ? -1 : 1))
  }

  /** Undefined where there is no such set. Throws `unexpected-answer` where its type is broken. */
  details(entitySet: string): DomainEntityDetails | undefined {
    const type = this.document.sets.find(({ name }) => name === entitySet)?.type
    if (type === undefined) return undefined
    const chain = this.#chain(type)
    const navigations = members(chain, 'NavigationProperty')
    return {
      ...this.#entity(entitySet, type),
      attributes: members(chain, 'Property').map(node => this.#attribute(node)),
      references: navigations.filter(node => !isCollection(node)).map(node => this.#reference(node)),
      childCollections: navigations.filter(isCollection)
        .map(node => ({ name: nameOf(node), target: this.#targetOf(node) })),
      methods: (this.#boundOperations().get(type) ?? []).map(node => this.#method(node)),
    }
  }

  #entity(entitySet: string, type: string): DomainEntity {
    return {
      entitySet,
      repository: entitySet.replaceAll('_', '.'),
      entityType: type,
      ...optional('table', tableOf(this.document.text(type))),
      isAggregateRoot: false,
    }
  }

  /** The type and those that it is derived from, base first. */
  #chain(type: string): XmlNode[] {
    const chain: XmlNode[] = []
    const seen = new Set<string>()
    for (let name: string | undefined = type; name !== undefined && !seen.has(name);) {
      seen.add(name)
      const node = this.document.type(name)
      if (node !== undefined) chain.unshift(node)
      const base = node?.attributes.get('BaseType')
      name = base === undefined ? undefined : this.document.fullName(base)
    }
    return chain
  }

  #attribute(node: XmlNode): DomainAttribute {
    const name = nameOf(node)
    const written = node.attributes.get('Type') ?? 'Edm.String'
    const full = this.document.fullName(written)
    return {
      name,
      type: isCollection(node) ? `Collection(${full})` : full,
      nullable: node.attributes.get('Nullable') !== 'false',
      readOnly: false,
      ...readSizes(node.attributes),
      custom: name.startsWith('CustomProperty_'),
      calculated: name.startsWith('CalculatedAttribute_'),
      enumValues: full.startsWith('Edm.') ? [] : this.#enumValues(full),
    }
  }

  /** Where no member has a value, they are counted from zero (OData CSDL XML, section 11.3). */
  #enumValues(type: string): DomainEnumValue[] {
    const node = this.document.type(type)
    if (node?.name !== 'EnumType') return []
    return childrenOf(node, 'Member').map((member, index) => ({
      name: nameOf(member), value: member.attributes.get('Value') ?? String(index),
    }))
  }

  #reference(node: XmlNode): DomainReference {
    const ownership = node.children.some(({ name }) => name === 'OnDelete')
    return {
      name: nameOf(node),
      nullable: node.attributes.get('Nullable') !== 'false',
      readOnly: false,
      target: this.#targetOf(node),
      ownership,
      filterable: ownership,
    }
  }

  #targetOf(node: XmlNode): string {
    const type = this.document.fullName(node.attributes.get('Type') ?? '')
    return this.#setOfType.get(type) ?? type.replace(/^.*\./, '')
  }

  #method(node: XmlNode): DomainMethod {
    const [, ...parameters] = node.children.filter(({ name }) => name === 'Parameter')
    return {
      name: nameOf(node),
      isAction: node.name === 'Action',
      returnType: node.children.find(({ name }) => name === 'ReturnType')?.attributes.get('Type') ?? 'void',
      parameters: parameters.map(parameter => ({
        name: nameOf(parameter),
        type: parameter.attributes.get('Type') ?? '',
        ...(parameter.children.some(isOptionalMark) ? { optional: true } : {}),
      })),
    }
  }

  /** By the type of their first parameter; those that are broken are left out. */
  #boundOperations(): ReadonlyMap<string, readonly XmlNode[]> {
    return this.#operations ??= Map.groupBy(this.#readOperations(), node =>
      this.document.fullName(node.children.find(({ name }) => name === 'Parameter')?.attributes.get('Type') ?? ''))
  }

  #readOperations(): XmlNode[] {
    const parts = this.document.index.parts.filter(({ element }) => element === 'Action' || element === 'Function')
    return parts.flatMap(part => {
      try {
        const node = this.document.read(part)
        return node.attributes.get('IsBound') === 'true' ? [node] : []
      } catch {
        return []
      }
    })
  }
}

function members(chain: readonly XmlNode[], element: string): XmlNode[] {
  return childrenOf({ name: '', attributes: new Map(), children: chain.flatMap(({ children }) => children) }, element)
}

function isCollection({ attributes }: XmlNode): boolean {
  return attributes.get('Type')?.startsWith('Collection(') === true
}

function isOptionalMark({ name, attributes }: XmlNode): boolean {
  return name === 'Annotation' && attributes.get('Term')?.endsWith('OptionalParameter') === true
}

const TERM = 'Erp.EntityName'

/** The table's name is in an annotation; the type itself need not be read for it, and may be broken. */
function tableOf(type: string | undefined): string | undefined {
  const term = type?.indexOf(TERM) ?? -1
  if (type === undefined || term < 0) return undefined
  const from = type.includes('<!') ? 0 : type.lastIndexOf('<', term)
  try {
    for (const event of xmlElements(type.slice(from))) {
      if (event.kind === 'open' && event.attributes.get('Term') === TERM) return event.attributes.get('String')
    }
  } catch {
    return undefined
  }
  return undefined
}
