import { CITIES, COUNTRIES, type Pair } from './words.ts'
import { day, languages, type Seeder } from './seeder.ts'

/** What everything else stands on: countries, currencies, units, kinds of things. Each map: code to id. */
export interface Foundation {
  readonly countries: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
  readonly currencies: ReadonlyMap<string, string>
  readonly units: ReadonlyMap<string, { readonly id: string; readonly category: string }>
  readonly productTypes: ReadonlyMap<string, string>
  readonly codingSystems: ReadonlyMap<string, string>
  readonly documentTypes: ReadonlyMap<string, string>
  readonly userStatuses: ReadonlyMap<string, string>
  readonly paymentTypes: ReadonlyMap<string, string>
  readonly channels: ReadonlyMap<string, string>
  readonly customerTypes: ReadonlyMap<string, string>
}

/** Code, names, the entity that documents of the type are, and whether people create them. */
const DOCUMENT_TYPES: readonly (readonly [code: string, name: Pair, entity: string])[] = [
  ['SO', ['Sales order', 'Продажба'], 'Crm_Sales_Orders'],
  ['SOW', ['Web order', 'Уеб поръчка'], 'Crm_Sales_Orders'],
  ['INV', ['Invoice', 'Фактура'], 'Crm_Invoices'],
  ['CRN', ['Credit note', 'Кредитно известие'], 'Crm_Invoices'],
  ['STI', ['Store issue', 'Разход от склад'], 'Inv_Transactions'],
  ['STR', ['Store receipt', 'Приход в склад'], 'Inv_Transactions'],
  ['PAO', ['Payment order', 'Платежно нареждане'], 'Cash_Payment_Orders'],
  ['PAT', ['Payment', 'Плащане'], 'Cash_Payment_Transactions'],
  ['CUR', ['Exchange rates', 'Валутни курсове'], 'Gen_Currency_Directories'],
]

export function seedFoundation(seeder: Seeder): Foundation {
  const countries = new Map(COUNTRIES.map(([code, english, bulgarian]) => {
    const id = seeder.guid()
    seeder.write('Gen_Countries', {
      Country_Id: id, Code: code, Country_Name: languages([english, bulgarian]),
      Intrastat_Code: code === 'CN' ? null : code,
    })
    return [code, id]
  }))
  const paymentTypes = named(seeder, PAYMENT_TYPES, ([code, name, system], id) =>
    seeder.write('Cash_Payment_Types', {
      Payment_Type_Id: id, Payment_Type_Code: code, Payment_Type_Name: languages(name), System_Type: system,
      Is_Active: 1,
    }))
  return {
    countries,
    areas: seedAreas(seeder),
    currencies: named(seeder, CURRENCIES, ([sign, name, order], id) =>
      seeder.write('Gen_Currencies', {
        Currency_Id: id, Currency_Sign: sign, Currency_Name: name, Is_Active: 1, Show_Order: order,
      })),
    units: seedUnits(seeder),
    productTypes: named(seeder, PRODUCT_TYPES, ([code, name], id) =>
      seeder.write('Gen_Product_Types', {
        Product_Type_Id: id, Product_Type_Code: code, Product_Type_Name: languages(name),
        Is_Default: Number(code === 'GDS'), Is_Fixed_Asset: 0, Is_Serviced: 0, Is_Shipped: Number(code === 'GDS'),
        Is_Stocked: Number(code === 'GDS'),
      })),
    codingSystems: named(seeder, CODING_SYSTEMS, ([code, name], id) =>
      seeder.write('Gen_Coding_Systems', {
        Coding_System_Id: id, Coding_System_Name: languages(name), Is_Unique: Number(code === 'EAN'),
        Description: null,
      })),
    ...seedDocumentTypes(seeder),
    paymentTypes,
    channels: named(seeder, CHANNELS, ([code, name], id) =>
      seeder.write('Crm_Distribution_Channels', {
        Distribution_Channel_Id: id, Distribution_Channel_Code: code, Distribution_Channel_Name: languages(name),
        Is_Active: 1,
      })),
    customerTypes: named(seeder, CUSTOMER_TYPES, ([, name], id) =>
      seeder.write('Crm_Customer_Types', { Customer_Type_Id: id, Customer_Type_Name: languages(name), Is_Active: 1 })),
  }
}

const CURRENCIES = [
  ['EUR', 'Euro', 1], ['USD', 'US Dollar', 2], ['RON', 'Romanian Leu', 3], ['GBP', 'Pound Sterling', 4],
] as const
const PRODUCT_TYPES = [['GDS', ['Goods', 'Стоки']], ['SRV', ['Services', 'Услуги']]] as const
const CODING_SYSTEMS = [['EAN', ['EAN-13', 'EAN-13']], ['SUP', ["Supplier's code", 'Код на доставчика']]] as const
const CHANNELS = [
  ['WHS', ['Wholesale', 'Търговия на едро']], ['RTL', ['Retail', 'Търговия на дребно']],
  ['WEB', ['Web shop', 'Уеб магазин']],
] as const
const CUSTOMER_TYPES = [
  ['K', ['Key account', 'Ключов клиент']], ['R', ['Regular', 'Редовен']], ['N', ['New', 'Нов']],
] as const
const PAYMENT_TYPES = [
  ['BANK', ['Bank transfer', 'Банков превод'], 'BT'], ['CARD', ['By card', 'С карта'], 'CD'],
  ['CASH', ['Cash', 'В брой'], 'CH'],
] as const
const STATUSES = [
  ['PACK', ['In packing', 'В опаковане'], 30], ['HOLD', ['On hold', 'Задържана'], 20],
  ['DONE', ['Delivered', 'Доставена'], 40],
] as const
const UNITS = [
  ['PCE', ['Piece', 'Брой'], 'P'], ['KG', ['Kilogram', 'Килограм'], 'N'], ['L', ['Litre', 'Литър'], 'V'],
  ['M', ['Metre', 'Метър'], 'L'],
] as const
const CATEGORIES: Readonly<Record<string, Pair>> = {
  PCE: ['Count', 'Броене'], KG: ['Weight', 'Тегло'], L: ['Volume', 'Обем'], M: ['Length', 'Дължина'],
}

/** A row for each item, under its code; gives the ids. */
function named<T extends readonly [string, ...unknown[]]>(
  seeder: Seeder, items: readonly T[], write: (item: T, id: string) => void,
): ReadonlyMap<string, string> {
  return new Map(items.map(item => {
    const id = seeder.guid()
    write(item, id)
    return [item[0], id]
  }))
}

function seedAreas(seeder: Seeder): ReadonlyMap<string, string> {
  const root = seeder.guid()
  seeder.write(
    'Gen_Areas', { Area_Id: root, Area_Code: 'EU', Area_Name: languages(['Europe', 'Европа']), Full_Path: '/EU/' },
  )
  return new Map(CITIES.map(([english, bulgarian, country], index) => {
    const id = seeder.guid()
    const code = `${country}-${String(index + 1).padStart(2, '0')}`
    seeder.write('Gen_Areas', {
      Area_Id: id, Area_Code: code, Area_Name: languages([english, bulgarian]), Parent_Area_Id: root,
      Full_Path: `/EU/${code}/`,
    })
    return [english, id]
  }))
}

function seedUnits(seeder: Seeder): Foundation['units'] {
  return new Map(UNITS.map(([code, name, system]) => {
    const category = seeder.guid()
    const id = seeder.guid()
    seeder.write('Gen_Measurement_Categories', {
      Id: category, Is_Default: Number(code === 'PCE'),
      Measurement_Category_Name: languages(CATEGORIES[code] ?? [code, code]),
    })
    seeder.write('Gen_Measurement_Units', {
      Id: id, Measurement_Category_Id: category, Measurement_Unit_Code: code, Measurement_Unit_Name: languages(name),
      Is_Default_Unit: 1, Multiplier: '1.000', Divisor: '1.000', System_Unit: system,
    })
    return [code, { id, category }]
  }))
}

function seedDocumentTypes(seeder: Seeder): Pick<Foundation, 'documentTypes' | 'userStatuses'> {
  const documentTypes = named(seeder, DOCUMENT_TYPES, ([code, name, entity], id) =>
    seeder.write('Gen_Document_Types', {
      Id: id, Code: code, Type_Name: languages(name), Entity_Name: entity, Create_Manully: Number(code !== 'PAO'),
      Description: null, Notes: code === 'SOW' ? 'Made by the web shop.' : null, Transitional_Document: 0,
    }))
  const userStatuses = named(seeder, STATUSES, ([code, name, state], id) =>
    seeder.write('Gen_Document_Type_User_Statuses', {
      User_Status_Id: id, Document_Type_Id: documentTypes.get('SO') ?? null, User_Status_Name: languages(name),
      State: state, Active: 1, Display_Order: state, Is_Exit_Status: Number(code === 'DONE'), Instructions: null,
    }))
  return { documentTypes, userStatuses }
}

/** The id under a code that the seed itself has written. */
export function known(ids: ReadonlyMap<string, string>, code: string): string {
  const id = ids.get(code)
  if (id === undefined) throw new Error(`the seed has no ${code}`)
  return id
}

export const CREATED = { Creation_Time: day(0), Creation_User: 'admin' } as const
