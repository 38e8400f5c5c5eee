import { withGrowth } from './replicas.ts'
import { readSchema, type Schema } from './schema.ts'
import { CONTACTS } from './tables/contacts.ts'
import { DOCUMENTS } from './tables/documents.ts'
import { ENUMS } from './tables/enums.ts'
import { FINANCE } from './tables/finance.ts'
import { INVENTORY } from './tables/inventory.ts'
import { PRODUCTS } from './tables/products.ts'
import { PROJECTS } from './tables/projects.ts'
import { SALES } from './tables/sales.ts'
import { SYSTEMS } from './tables/systems.ts'

/** The sandbox's own model: a trading company's documents, sales, stores, contacts, products and money. */
export function sandboxSchema(): Schema {
  const sources = [
    ...DOCUMENTS, ...SALES, ...INVENTORY, ...CONTACTS, ...PRODUCTS, ...FINANCE, ...PROJECTS, ...SYSTEMS,
  ]
  return withGrowth(readSchema(sources, ENUMS))
}
