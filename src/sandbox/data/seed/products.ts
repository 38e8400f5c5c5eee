import { CREATED, known, type Foundation } from './foundation.ts'
import type { Parties } from './parties.ts'
import { day, languages, money, type Seeder } from './seeder.ts'
import { COLOURS, PRODUCT_GROUPS, type Pair } from './words.ts'

export interface Product {
  readonly id: string
  /** As `nvarchar (MultiLanguage)` holds it. */
  readonly name: string
  readonly unit: string
  /** The price of one, in euro cents. */
  readonly cents: number
  /** Sold in whole pieces only. */
  readonly whole: boolean
  readonly code: string
  readonly price: string
  readonly lot: string | null
}

/** Products in their groups: each in several colours, with a code, a price, and for foods a lot. */
export function seedProducts(seeder: Seeder, base: Foundation, parties: Parties): readonly Product[] {
  const root = seedGroup(
    seeder, base, { code: 'ALL', name: ['All products', 'Всички продукти'], path: '/', parent: null },
  )
  return PRODUCT_GROUPS.flatMap(({ code, name, unit, products }, groupIndex) => {
    const group = seedGroup(seeder, base, { code, name, path: `/${code}/`, parent: root })
    const colours = COLOURS.slice(0, unit === 'PCE' ? COLOURS.length : 2)
    return products.flatMap(([english, bulgarian, cents], index) => colours.map((colour, variant) =>
      seedProduct(seeder, base, parties, {
        group, unit, cents: cents + variant * 10,
        number: `${code}-${String(groupIndex * 100 + index * 10 + variant).padStart(4, '0')}`,
        name: [`${english}, ${colour[0]}`, `${bulgarian}, ${colour[1]}`],
      })))
  })
}

function seedGroup(
  seeder: Seeder, base: Foundation, facts: { code: string; name: Pair; path: string; parent: string | null },
): string {
  const id = seeder.guid()
  seeder.write('Gen_Product_Groups', {
    Id: id, Product_Group_Code: facts.code, Product_Group_Name: languages(facts.name), Full_Path: facts.path,
    Parent: '/', Parent_Group_Id: facts.parent, Active: 1,
    Default_Measurement_Unit_Id: base.units.get('PCE')?.id ?? null,
    Default_Product_Type_Id: known(base.productTypes, 'GDS'), Use_Lots: facts.code === 'FOO' ? 'R' : 'A',
    // The smallest GIF there is: a picture for readers of Edm.Binary.
    Picture: facts.parent === null ? 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' : null,
  })
  return id
}

interface ProductFacts {
  readonly group: string
  readonly unit: 'PCE' | 'KG' | 'L' | 'M'
  readonly number: string
  readonly name: Pair
  readonly cents: number
}

function seedProduct(
  seeder: Seeder, base: Foundation, parties: Parties, { group, unit, number, name, cents }: ProductFacts,
): Product {
  const { random } = seeder
  const measure = base.units.get(unit)
  if (!measure) throw new Error(`the seed has no unit ${unit}`)
  const id = seeder.guid()
  seeder.write('Gen_Products', {
    ...CREATED, Id: id, Part_Number: number, Product_Name: languages(name), Product_Group_Id: group,
    Product_Type_Id: known(base.productTypes, 'GDS'), Measurement_Unit_Id: measure.id,
    Base_Measurement_Category_Id: measure.category, ABC_Class: random.pick(['A', 'B', 'C']),
    Active: Number(!random.oneIn(20)), Is_Featured: Number(random.oneIn(8)), Is_Serialized: 0,
    Show_In_Catalog: Number(!random.oneIn(5)), Standard_Cost_Per_Lot: money(Math.floor(cents * 0.7), 4),
    Standard_Price_Per_Lot: money(cents, 4), Use_Lots: unit === 'KG' ? 'R' : 'N',
    Costing_Method: random.oneIn(3) ? null : 'AVG', Lots_Issue: unit === 'KG' ? 'FEFO' : null,
    Guarantee_Period_Days: unit === 'PCE' ? random.pick([365, 730]) : null,
    Origin_Country_Id: random.oneIn(3) ? null : known(base.countries, random.pick(['BG', 'CN', 'DE', 'TR'])),
    Description: random.oneIn(3) ? languages([`${name[0]}.\nSold by the trade.`, `${name[1]}.\nЗа търговци.`]) : null,
    Enterprise_Company_Id: random.oneIn(10) ? parties.home.enterprise : null,
  })
  const code = seeder.guid()
  seeder.write('Gen_Product_Codes', {
    Product_Code_Id: code, Product_Id: id, Active: 1, Coding_System_Id: known(base.codingSystems, 'EAN'),
    Product_Code: `380${String(random.next()).padStart(10, '0')}`,
  })
  const price = seeder.guid()
  seeder.write('Crm_Product_Prices', {
    Product_Price_Id: price, Product_Id: id, Currency_Id: known(base.currencies, 'EUR'), Price: money(cents, 5),
    Price_Quantity: '1.000', Price_Quantity_Measurement_Unit_Id: measure.id,
    Price_List_Id: parties.priceLists[0] ?? null, Priority: 3, Is_Active: 1, From_Date: day(0),
    Min_Quantity: random.oneIn(4) ? '10.000' : null,
  })
  return {
    id, name: languages(name), unit: measure.id, cents, whole: unit === 'PCE', code, price,
    lot: unit === 'KG' ? seedLot(seeder, id, number) : null,
  }
}

function seedLot(seeder: Seeder, product: string, number: string): string {
  const id = seeder.guid()
  seeder.write('Inv_Lots', {
    Lot_Id: id, Product_Id: product, Lot_Number: `L-${number}`, Status: 0, Receipt_Date: day(3),
    Expiry_Date: day(seeder.random.between(700, 900)),
    Purchase_Lot_Number: seeder.random.oneIn(2) ? `PL${number}` : null,
  })
  return id
}
