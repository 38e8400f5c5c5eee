import type { DatabaseSync } from 'node:sqlite'

import type { Accounts } from '../../identity/accounts.ts'
import { indexKeys, openDatabase } from '../database.ts'
import { sizesOf, writeReplicas } from '../replicas.ts'
import type { Schema } from '../schema.ts'
import { countRows } from '../source.ts'
import { Filler } from './fill.ts'
import { seedFoundation } from './foundation.ts'
import { seedParties, type Parties } from './parties.ts'
import { seedCases } from './projects.ts'
import { seedProducts, type Product } from './products.ts'
import { day, languages, Seeder, money } from './seeder.ts'
import { seedTrade } from './trade.ts'

/**
 * The whole database of the trading company. The same schema, seed and rows give the same database, byte for byte.
 * @param options.company the company's own schema, where `schema` is a model from files, with more tables and columns
 * @param options.rows how many sales order lines; documents, invoices, store transactions and payments follow from them
 */
export function seedDatabase(
  schema: Schema, accounts: Accounts, options: { rows: number; seed: number; company?: Schema },
): DatabaseSync {
  const database = openDatabase(schema)
  const { company, seed } = options
  const seeder = new Seeder(database, schema, seed, company && new Filler(schema, company, seed))
  database.exec('BEGIN')
  const sizes = sizesOf(schema, options.rows)
  writeReplicas(database, sizes.replicas)
  const base = seedFoundation(seeder)
  const parties = seedParties(seeder, base, accounts, Math.min(1000, Math.max(24, Math.floor(options.rows / 100))))
  const products = seedProducts(seeder, base, parties)
  seedTrade({ seeder, base, parties, products }, sizes)
  seedProperties(seeder, products)
  seedBalances(seeder, parties, products)
  seedCases(seeder, parties)
  seedApplications(seeder)
  seeder.writeOthers()
  seedTableInfo(seeder, database, schema)
  database.exec('COMMIT')
  indexKeys(database, schema)
  return database
}

/** Custom properties of products: what `currentmodel` adds to `standardmodel`. */
const PRODUCT_PROPERTIES = [
  { code: 'Colour', name: ['Colour', 'Цвят'], type: 'T', column: 'CustomProperty_Colour' },
  { code: 'Eco.Label', name: ['Eco label', 'Еко етикет'], type: 'T', column: 'CustomProperty_Eco_u002ELabel' },
] as const

function seedProperties(seeder: Seeder, products: readonly Product[]): void {
  for (const { code, name, type } of PRODUCT_PROPERTIES) {
    const property = seeder.guid()
    seeder.write('Gen_Properties', {
      Property_Id: property, Entity_Name: 'Gen_Products', Property_Code: code, Property_Name: languages(name),
      Property_Type: type, Is_Active: 1, Limit_To_Allowed_Values: 0,
    })
    for (const product of products) {
      if (seeder.random.oneIn(3)) continue
      seeder.write('Gen_Property_Values', {
        Property_Value_Id: seeder.guid(), Property_Id: property, Entity_Item_Id: product.id,
        Property_Value: seeder.random.pick(['A', 'B', 'зелен', 'червен']),
        Description: languages(['Chosen by hand', 'Избрано на ръка']),
      })
    }
  }
}

/** What lies in the stores. The first row holds a cost beyond every double, to the last digit. */
function seedBalances(seeder: Seeder, parties: Parties, products: readonly Product[]): void {
  let first = true
  for (const store of parties.stores) {
    for (const product of products) {
      const pieces = seeder.random.between(1, 900)
      const cost = first ? '12345678901234567890.10' : money(Math.round(pieces * product.cents * 0.7))
      seeder.write('Inv_Current_Balances', {
        Enterprise_Company_Id: parties.home.enterprise, Store_Id: store.id, Product_Id: product.id,
        Lot_Id: product.lot, Store_Bin_Id: store.bins[0] ?? null, Quantity_Base: `${pieces}.000`, Base_Cost: cost,
        Product_Cost: cost, Store_Cost: cost,
      })
      first = false
    }
  }
}

/** How busy applications keep the instance: in numbers that show how a reader keeps a double. */
function seedApplications(seeder: Seeder): void {
  const applications: readonly (readonly [name: string, requests: number, hours: number, share: number])[] = [
    ['com.example/erpnet-tools', 1250, 0.1, 1 / 3], ['com.example/web-reports', 1e15, 23.999_999_999_999_996, 100],
    ['com.example/idle', 0, 5e-324, -0.5],
  ]
  for (const [name, requests, hours, share] of applications) {
    seeder.write('Dmv_Apps_Performance', {
      Application: name, Requests: requests, Busy_Time_Hours_Per_Day: hours, Busy_Time_Percentage: share,
      Statistics_Since: day(0),
    })
  }
}

/** Sizes of the tables; one that the sandbox doesn't have claims more rows than a double can count. */
function seedTableInfo(seeder: Seeder, database: DatabaseSync, schema: Schema): void {
  seeder.write(
    'Dmv_Table_Info',
    { Table_Name: 'Sys_Attribute_Changes', Row_Count: 9_007_199_254_740_993n, Size_MB: '123456789.125' },
  )
  for (const table of schema.tables.values()) {
    if (table.view) continue
    const rows = countRows(database, table)
    seeder.write('Dmv_Table_Info', { Table_Name: table.name, Row_Count: rows, Size_MB: (rows * 0.0005).toFixed(3) })
  }
}
