import { type CsdlIndex, type CsdlPart, type CsdlSet, scanCsdl } from './scan.ts'
import { type XmlEvent, xmlElements } from './xml.ts'

export type XmlAttributes = ReadonlyMap<string, string>

/** An element with what it holds. */
export interface XmlNode {
  readonly name: string
  readonly attributes: XmlAttributes
  readonly children: readonly XmlNode[]
}

/**
 * A CSDL document of which parts are read when they are looked at. Types are named in full, such as `Erp.Gen_Documents`;
 * of several of one name the first counts.
 */
export class CsdlDocument {
  readonly bytes: Uint8Array
  readonly index: CsdlIndex
  readonly #namespaces: ReadonlyMap<string, string>
  readonly #parts = new Map<string, CsdlPart>()
  #sets: readonly CsdlSet[] | undefined

  /** Throws `unexpected-answer` where there is no index yet, and it is no CSDL or ends too early. */
  constructor(bytes: Uint8Array, index: CsdlIndex = scanCsdl(bytes)) {
    this.bytes = bytes
    this.index = index
    this.#namespaces = new Map(index.namespaces)
    for (const part of index.parts) {
      const name = `${part.namespace}.${part.name}`
      if (TYPES.includes(part.element) && !this.#parts.has(name)) this.#parts.set(name, part)
    }
  }

  /** The entity sets of all containers, in their order; of several of one name the first. */
  get sets(): readonly CsdlSet[] {
    return this.#sets ??= this.index.sets ?? this.#readSets()
  }

  /** An entity, complex or enumeration type; undefined where there is none. Throws `unexpected-answer` where it is broken. */
  type(name: string): XmlNode | undefined {
    const part = this.#parts.get(name)
    return part && this.read(part)
  }

  /** The bytes of a type as text, unread. */
  text(name: string): string | undefined {
    const part = this.#parts.get(name)
    return part && this.#textOf(part)
  }

  /** Throws `unexpected-answer` where it is broken. */
  read(part: CsdlPart): XmlNode {
    return tree(this.#textOf(part))
  }

  /** `Collection(E.Order)` as `Erp.Order`, where `E` is an alias of `Erp`. */
  fullName(type: string): string {
    const inner = type.replace(/^Collection\((.*)\)$/, '$1')
    const dot = inner.lastIndexOf('.')
    const namespace = this.#namespaces.get(inner.slice(0, Math.max(dot, 0)))
    return namespace === undefined ? inner : `${namespace}${inner.slice(dot)}`
  }

  #textOf({ at, length }: CsdlPart): string {
    return new TextDecoder().decode(this.bytes.subarray(at, at + length))
  }

  #readSets(): CsdlSet[] {
    const sets = new Map<string, CsdlSet>()
    for (const part of this.index.parts.filter(({ element }) => element === 'EntityContainer')) {
      for (const { name: element, attributes } of this.read(part).children) {
        const name = attributes.get('Name') ?? ''
        if (element !== 'EntitySet' || name === '' || sets.has(name)) continue
        sets.set(name, { name, type: this.fullName(attributes.get('EntityType') ?? '') })
      }
    }
    return [...sets.values()]
  }
}

export function nameOf({ attributes }: XmlNode): string {
  return attributes.get('Name') ?? ''
}

/** The children of that kind; of several of one name the first. */
export function childrenOf(node: XmlNode, element: string): XmlNode[] {
  const byName = new Map<string, XmlNode>()
  for (const child of node.children) {
    if (child.name === element && !byName.has(nameOf(child))) byName.set(nameOf(child), child)
  }
  return [...byName.values()]
}

const TYPES: readonly string[] = ['EntityType', 'ComplexType', 'EnumType']

interface Draft {
  readonly name: string
  readonly attributes: XmlAttributes
  readonly children: Draft[]
}

function tree(text: string): XmlNode {
  const root: Draft = { name: '', attributes: new Map(), children: [] }
  const open = [root]
  for (const event of xmlElements(text)) grow(open, event)
  return root.children[0] ?? root
}

function grow(open: Draft[], event: XmlEvent): void {
  if (event.kind === 'close') {
    open.pop()
    return
  }
  const draft: Draft = { name: event.name, attributes: event.attributes, children: [] }
  open.at(-1)?.children.push(draft)
  if (!event.empty) open.push(draft)
}
