import { attributeOf, type Catalog } from '../catalog.ts'
import type { DomainAttribute, DomainEntity, DomainReference } from '../entities.ts'
import type { Place, Scope } from './scope.ts'

/** Where the currency of an amount is called, and the unit of a quantity. */
const UNITS = {
  Amount: { repository: 'General.Currencies.Currencies', attribute: 'CurrencySign', suffix: 'Currency' },
  Quantity: { repository: 'General.Products.MeasurementUnits', attribute: 'Code', suffix: 'Unit' },
} as const

/** The SQL of an amount's currency, or a quantity's unit; NULL where the entity tells none. */
export function unitSql(catalog: Catalog, scope: Scope, place: Place, { name, column }: DomainAttribute): string {
  const unit = UNITS[column?.measure ?? 'Amount']
  const way = wayToUnit(catalog, place.entity, name, unit, 2)
  if (!way) return 'NULL'
  const target = way.reduce((from, reference) => scope.follow(from, reference), place)
  const sign = attributeOf(target.entity, unit.attribute)
  return sign?.table !== undefined && sign.column ? scope.value(target, sign.table, sign.column) : 'NULL'
}

/** An own reference to a unit, best one named after the attribute; else one of owner, product or company. */
function wayToUnit(
  catalog: Catalog, entity: DomainEntity, name: string, unit: (typeof UNITS)[keyof typeof UNITS], depth: number,
): readonly DomainReference[] | undefined {
  const direct = entity.references.filter(({ target }) => target.repository === unit.repository)
  const named = direct.find(reference => reference.name === `${name}${unit.suffix}`)
    ?? direct.find(reference => reference.name.startsWith(name))
    ?? direct.find(reference => /^(?:Document|Quantity|Costing|Base|Default)?(?:Currency|Unit)$/.test(reference.name))
    ?? direct[0]
  if (named) return [named]
  if (depth === 0) return undefined
  const onward = entity.references.filter(({ name: way, facts }) =>
    facts.owner || way === 'Product' || way === 'EnterpriseCompany')
  for (const reference of onward) {
    const rest = wayToUnit(catalog, catalog.of(reference.target), name, unit, depth - 1)
    if (rest) return [reference, ...rest]
  }
  return undefined
}
