/** What names, types and labels of a model say, and how they are shown. */

/** `Crm.Sales` of `Crm.Sales.SalesOrders`; of a name without a dot there is none. */
export function namespaceOf(repository: string): string {
  return repository.slice(0, Math.max(0, repository.lastIndexOf('.')))
}

/** `SalesOrders` of `Crm.Sales.SalesOrders`. */
export function lastPart(repository: string): string {
  return repository.slice(repository.lastIndexOf('.') + 1)
}

/** Where ERP.net documents an entity (protocol sheet, section 3). Those of an instance's own have no page there, but nothing tells them apart. */
export function documentationUrl(repository: string): string {
  return `https://docs.erp.net/model/entities/${encodeURIComponent(repository)}.html`
}

/** A label that only spells the name apart adds nothing: `Sales orders` to `SalesOrders`. */
export function labelBeside(name: string, label: string | undefined): string | undefined {
  return label === undefined || plain(label) === plain(name) ? undefined : label
}

function plain(text: string): string {
  return text.replaceAll(/[\s_]/g, '').toLowerCase()
}

/** `Edm.Guid` is `Guid`, and may be null: `Guid?`. */
export function shortType(type: string, nullable = false): string {
  return type.replaceAll(/\b(Edm|Erp)\./g, '') + (nullable ? '?' : '')
}

export interface SizedType {
  readonly type: string
  readonly nullable: boolean
  readonly maxLength?: number
  readonly precision?: number
  readonly scale?: number
}

/** `Decimal(18,2)?` */
export function sizedType({ type, nullable, maxLength, precision, scale = 0 }: SizedType): string {
  const size = precision !== undefined ? `(${precision},${scale})` : maxLength !== undefined ? `(${maxLength})` : ''
  return shortType(type) + size + (nullable ? '?' : '')
}
