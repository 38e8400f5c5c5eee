import type { EnumMember, Method } from '../schema.ts'
import type { AttributeFacts, EntityFacts, MethodFacts } from './files.ts'

/** The types of the Domain model, from the words that the files have for them. */

const PLAIN: Readonly<Record<string, string>> = {
  string: 'Edm.String', int64: 'Edm.Int64', int32: 'Edm.Int32', int16: 'Edm.Int16', byte: 'Edm.Byte',
  boolean: 'Edm.Boolean', guid: 'Edm.Guid', decimal: 'Edm.Decimal', double: 'Edm.Double',
  date: 'Edm.DateTimeOffset', datetime: 'Edm.DateTimeOffset', time: 'Edm.Duration', 'byte[]': 'Edm.Stream',
  Amount: 'Erp.Amount', Quantity: 'Erp.Quantity', MultilanguageString: 'Erp.MultilanguageString',
  CustomPropertyValue: 'Erp.Systems_Bpm_CustomPropertyValue', 'ErpNet.Model.OData.ValueTextPair': 'Erp.ValueTextPair',
  dataaccessfilter: 'Edm.String',
}

/** `Amount (14, 2)` is `Erp.Amount`; what is unknown is text, as the columns of unknown types are. */
export function attributeType({ type, enumType }: AttributeFacts): string {
  return enumType === undefined ? PLAIN[plainName(type)] ?? 'Edm.String' : `Erp.${enumType.replaceAll('.', '_')}`
}

/** `string (64)` without its size. */
export function plainName(type: string): string {
  return type.replace(/ *\(.*$/, '')
}

/**
 * The enumerations of all attributes. Where one attribute lacks what the table holds for a member, another one with
 * the same enumeration knows it; else it is the value itself.
 */
export function readEnumerations(entities: Iterable<EntityFacts>): ReadonlyMap<string, readonly EnumMember[]> {
  const enums = new Map<string, Map<string, EnumMember & { readonly sure: boolean }>>()
  for (const { enumType, members } of [...entities].flatMap(({ attributes }) => attributes)) {
    if (enumType === undefined) continue
    const known = enums.get(enumType) ?? new Map<string, EnumMember & { readonly sure: boolean }>()
    enums.set(enumType, known)
    for (const [index, { name, value: told, stored }] of members.entries()) {
      const value = Number.isInteger(told) ? told : index
      if (known.get(name)?.sure !== true) {
        known.set(name, { name, value, stored: stored ?? String(value), sure: stored !== undefined })
      }
    }
  }
  return new Map([...enums].map(([name, members]) =>
    [name, [...members.values()].map(({ name, value, stored }) => ({ name, value, stored }))]))
}

/** Types of parameters and results: entities are called by the last word of their repositories (`Users`). */
export class MethodReader {
  readonly #enums: ReadonlyMap<string, readonly EnumMember[]>
  readonly #entities = new Map<string, string>()

  constructor(entities: Iterable<EntityFacts>, enums: ReadonlyMap<string, readonly EnumMember[]>) {
    this.#enums = enums
    // Where two have the same last word, the one with a table is meant: `Users` are those of security.
    for (const { repository, type, table } of entities) {
      const word = repository.slice(repository.lastIndexOf('.') + 1)
      if (table !== undefined || !this.#entities.has(word)) this.#entities.set(word, `Erp.${type}`)
    }
  }

  read({ type }: EntityFacts, { name, action, returns, parameters }: MethodFacts): Method {
    return {
      name, action,
      returns: returns === 'void' ? undefined : this.#type(returns, type),
      parameters: parameters.map(parameter => ({ ...parameter, type: this.#type(parameter.type, type) })),
    }
  }

  #type(words: string, self: string): string {
    const one = words.replace(/^Collection Of /, '')
    if (one !== words) return `Collection(${this.#type(one, self)})`
    if (words === 'EntityObject') return `Erp.${self}`
    if (this.#enums.has(words)) return `Erp.${words.replaceAll('.', '_')}`
    const known = PLAIN[plainName(words)] ?? this.#entities.get(words)
    // An enumeration that no attribute has can't be described; any other thing is open.
    return known ?? (words.includes('.') ? 'Edm.String' : 'Erp.OpenObject')
  }
}
