import type { Accounts } from '../../identity/accounts.ts'
import { CREATED, known, type Foundation } from './foundation.ts'
import { day, DAYS, languages, money, type Seeder } from './seeder.ts'
import { BRANCHES, CITIES, FAMILIES, FIRMS, FOREIGN_FIRMS, MEN, WOMEN, type Pair } from './words.ts'

/** Everybody and every place that documents are written between. */
export interface Parties {
  readonly home: {
    readonly company: string; readonly party: string; readonly location: string; readonly enterprise: string
  }
  readonly accounts: readonly string[]
  readonly priceLists: readonly string[]
  readonly salesPersons: readonly { readonly id: string; readonly person: string; readonly login: string }[]
  readonly users: ReadonlyMap<string, string>
  readonly stores: readonly { readonly id: string; readonly party: string; readonly bins: readonly string[] }[]
  readonly customers: readonly Customer[]
}

export interface Customer {
  readonly id: string
  readonly party: string
  readonly salesPerson: number
  readonly channel: string
  readonly paymentType: string
  readonly country: string
}

/** The trading company itself, its people and stores, and its customers; their number grows slowly with the orders. */
export function seedParties(seeder: Seeder, base: Foundation, accounts: Accounts, customers: number): Parties {
  const home = seedHome(seeder, base)
  const people = seedStaff(seeder, base, home)
  const users = seedUsers(seeder, accounts, people)
  const payAccounts = ['BANK', 'CARD', 'CASH'].map(type => seedPaymentAccount(seeder, base, home, type))
  const priceLists = ['Standard 2024', 'Wholesale', 'Web shop'].map((name, index) => {
    const id = seeder.guid()
    seeder.write('Crm_Price_Lists', {
      Price_List_Id: id, Price_List_Name: name, Is_Active: 1, Auto_Apply_Discount_Level: '1', From_Date: day(0),
      Enterprise_Company_Id: index === 0 ? home.enterprise : null,
    })
    return id
  })
  const salesPersons = people.slice(0, 6).map(({ person, login }, index) => {
    const id = seeder.guid()
    seeder.write('Crm_Sales_Persons', {
      Sales_Person_Id: id, Person_Id: person, Is_Active: Number(index < 5), Enterprise_Company_Id: home.enterprise,
      Enterprise_Company_Location_Id: home.location, Contract_Start_Date: day(index * 40),
      Contract_End_Date: index < 5 ? null : day(400), Commission_Percent: index % 2 === 0 ? '0.015000' : null,
    })
    return { id, person, login }
  })
  const stores = seedStores(seeder, base, home)
  const shared = { ...base, priceLists, salesPersons: salesPersons.map(({ id }) => id), payAccounts }
  return {
    home, accounts: payAccounts, priceLists, salesPersons, users, stores,
    customers: Array.from({ length: customers }, (_, index) => seedCustomer(seeder, shared, index)),
  }
}

function seedParty(seeder: Seeder, type: 'C' | 'L' | 'P' | 'S' | 'V', code: string, name: Pair, more: {
  area?: string | undefined; parent?: string; number?: string | null; notes?: string | null
} = {}): string {
  const id = seeder.guid()
  seeder.write('Gen_Parties', {
    ...CREATED, Id: id, Party_Type: type, Party_Code: code, Party_Name: languages(name), Is_Active: 1,
    Area_Id: more.area ?? null, Parent_Party_Id: more.parent ?? null, Party_Unique_Number: more.number ?? null,
    Notes: more.notes ?? null,
    GLN: seeder.random.oneIn(3) ? `380${String(seeder.random.next()).padStart(10, '0')}` : null,
  })
  return id
}

interface CompanyFacts {
  readonly code: string; readonly name: Pair; readonly city: number; readonly notes?: string | null
}

function seedCompany(
  seeder: Seeder, base: Foundation, { code, name, city, notes }: CompanyFacts,
): { company: string; party: string } {
  const [english = '', bulgarian = '', country = ''] = CITIES[city % CITIES.length] ?? []
  const number = String(100_000_000 + (seeder.random.next() % 800_000_000))
  const party = seedParty(seeder, 'C', code, name, { area: base.areas.get(english), number, notes: notes ?? null })
  const company = seeder.guid()
  const street = seeder.random.between(1, 180)
  seeder.write('Cm_Companies', {
    ...CREATED, Company_Id: company, Party_Id: party, Company_Name: languages(name),
    City: languages([english, bulgarian]), Country_Id: known(base.countries, country),
    Is_VAT_Registered: Number(!seeder.random.oneIn(6)), Registration_Number: number,
    Registration_VAT_Number: `${country}${number}`, Registration_Type: '{"BG":"ООД"}',
    Registration_Primary_Address: languages([
      `${english}, ${street} Vitosha Blvd`, `гр. ${bulgarian}, бул. „Витоша“ № ${street}`,
    ]),
  })
  seedContact(seeder, party, 'E', `office@${code.toLowerCase()}.example`, 1)
  if (!seeder.random.oneIn(4)) {
    seedContact(seeder, party, 'T', `+359 2 ${seeder.random.between(400, 999)} ${seeder.random.between(1000, 9999)}`, 2)
  }
  return { company, party }
}

function seedContact(seeder: Seeder, party: string, type: string, name: string, order: number): void {
  const id = seeder.guid()
  seeder.write('Cm_Contact_Mechanisms', { Id: id, Contact_Mechanism_Name: name, Contact_Mechanism_Type: type })
  seeder.write('Cm_Party_Contact_Mechanisms', {
    Id: seeder.guid(), Party_Id: party, Contact_Mechanism_Id: id, Is_Active: 1, Is_Default: Number(order === 1),
    Line_Ord: order, Non_Solicitation: 0, From_Date: day(0),
  })
}

function seedHome(seeder: Seeder, base: Foundation): Parties['home'] {
  const { company, party } = seedCompany(
    seeder, base, { code: 'BALKAN', name: ['Balkan Trade', 'Балкан Трейд'], city: 0 },
  )
  const locationParty = seedParty(
    seeder, 'L', 'BT-SOF', ['Balkan Trade, Sofia', 'Балкан Трейд, София'], { parent: party },
  )
  const location = seeder.guid()
  seeder.write('Cm_Company_Locations', {
    Company_Location_Id: location, Party_Id: locationParty, Company_Id: company, Bill_To: 'C',
    Location_Name: languages(['Sofia', 'София']), Working_Time: '09:00-18:00',
  })
  const divisions: readonly (readonly [string, Pair])[] = [
    ['SAL', ['Sales', 'Продажби']], ['LOG', ['Logistics', 'Логистика']],
  ]
  for (const [code, name] of divisions) {
    const division = seedParty(seeder, 'V', `BT-${code}`, name, { parent: party })
    seeder.write('Cm_Company_Divisions', {
      Company_Division_Id: seeder.guid(), Party_Id: division, Company_Id: company, Company_Division_Code: code,
      Company_Division_Name: languages(name),
    })
  }
  const enterprise = seeder.guid()
  seeder.write('Gen_Enterprise_Companies', {
    Enterprise_Company_Id: enterprise, Company_Id: company, Base_Currency_Id: known(base.currencies, 'EUR'),
    Is_Active: 1, Reporting_Currency_Id: known(base.currencies, 'USD'), Reporting_Currency_Rate: '1.084300',
    Default_Costing_Method: 'AVG', Default_Language: 'bg', Default_Customer_Credit_Limit_Base: '5000.00',
  })
  return { company, party, location, enterprise }
}

function seedStaff(seeder: Seeder, base: Foundation, home: Parties['home']): { person: string; login: string }[] {
  return Array.from({ length: 12 }, (_, index) => {
    const woman = index % 2 === 1
    const first = (woman ? WOMEN : MEN)[index % MEN.length] ?? ['Ivan', 'Иван']
    const family = FAMILIES[index % FAMILIES.length] ?? ['Petrov', 'Петров']
    const last: Pair = woman ? [`${family[0]}a`, `${family[1]}а`] : family
    const name: Pair = [`${first[0]} ${last[0]}`, `${first[1]} ${last[1]}`]
    const party = seedParty(seeder, 'P', `P${String(index + 1).padStart(4, '0')}`, name)
    const person = seeder.guid()
    const [english = '', bulgarian = ''] = CITIES[index % 7] ?? []
    seeder.write('Cm_Persons', {
      ...CREATED, Person_Id: person, Party_Id: party, First_Name: languages(first), Last_Name: languages(last),
      Gender: woman ? 'F' : 'M', City: languages([english, bulgarian]), Nationality: known(base.countries, 'BG'),
      Birth_Date: seeder.random.oneIn(3) ? null : `19${seeder.random.between(60, 99)}-03-12T00:00:00Z`,
      Title: index === 0 ? languages(['Dr', 'д-р']) : null,
    })
    seeder.write('Cm_Company_Employees', {
      Company_Employee_Id: seeder.guid(), Person_Id: person, Company_Id: home.company, Is_Active: 1,
      Contract_Code: `TD-${String(index + 101)}`, Contract_Start_Date: day(index * 30),
    })
    return { person, login: `${first[0]}.${last[0]}`.toLowerCase() }
  })
}

/** Those who can sign in, and the staff, who here cannot. */
function seedUsers(
  seeder: Seeder, accounts: Accounts, staff: readonly { person: string; login: string }[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const usual = { ...USER, Creation_Time_Utc: day(0) }
  for (const user of accounts.users) {
    ids.set(user.login, user.id)
    seeder.write('Sec_Users', {
      ...usual, User_Id: user.id, Login: user.login, User_Name: languages([user.name, user.name]), Email: user.email,
      Email_Confirmed: 1, Is_Admin: Number(user.admin), User_Type: user.type === 'InternalUser' ? 'INT' : 'EXT',
      Default_Language: user.locale,
      Person_Id: staff.find(({ login }) => login === user.login)?.person ?? null,
    })
  }
  for (const { person, login } of staff) {
    if (ids.has(login)) continue
    const id = seeder.guid()
    ids.set(login, id)
    seeder.write('Sec_Users', {
      ...usual, User_Id: id, Login: login, User_Name: languages([login, login]), Email: null, Email_Confirmed: 0,
      Is_Admin: 0, User_Type: 'INT', Person_Id: person,
    })
  }
  return ids
}

const USER = { Active: 1, Basic_Authentication_Allowed: 0, Time_Zone: 'Europe/Sofia' } as const

function seedPaymentAccount(seeder: Seeder, base: Foundation, home: Parties['home'], type: string): string {
  const id = seeder.guid()
  seeder.write('Cash_Payment_Accounts', {
    Payment_Account_Id: id, Payment_Account_Code: type,
    Payment_Account_Name: languages([`${type} EUR`, `${type} EUR`]), Currency_Id: known(base.currencies, 'EUR'),
    Enterprise_Company_Id: home.enterprise, Enterprise_Company_Location_Id: home.location,
    Payment_Type_Id: known(base.paymentTypes, type), Is_Active: 1, Use_Base_Currency: 1,
  })
  return id
}

function seedStores(seeder: Seeder, base: Foundation, home: Parties['home']): Parties['stores'] {
  const names: readonly (readonly [string, Pair])[] = [
    ['CENTRAL', ['Central store', 'Централен склад']], ['VARNA', ['Varna store', 'Склад Варна']],
    ['SHOP', ['Shop "Vitosha"', 'Магазин „Витоша“']],
  ]
  return names.map(([code, name]) => {
    const party = seedParty(seeder, 'S', code, name, { parent: home.party })
    const id = seeder.guid()
    const bins = ['A-01', 'A-02', 'B-01'].map((bin, index) => {
      const binId = seeder.guid()
      seeder.write(
        'Inv_Store_Bins',
        { Id: binId, Store_Id: id, Store_Bin_Name: bin, Active: 1, Is_Default: Number(index === 0) },
      )
      return binId
    })
    seeder.write('Inv_Stores', {
      ...CREATED, Id: id, Party_Id: party, Active: 1, Store_Code: code, Store_Name: languages(name), Unmanaged: 0,
      Currency_Id: known(base.currencies, 'EUR'), Default_Store_Bin_Id: bins[0] ?? null,
      Enterprise_Company_Id: home.enterprise, Enterprise_Company_Location_Id: home.location,
    })
    return { id, party, bins }
  })
}

/** A credit limit that no double holds exactly; the first customer has it. */
const BEYOND_DOUBLES = '9999999999999999.99'

type CustomerSurroundings = Foundation & {
  readonly priceLists: readonly string[]
  readonly salesPersons: readonly string[]
  readonly payAccounts: readonly string[]
}

function seedCustomer(seeder: Seeder, base: CustomerSurroundings, index: number): Customer {
  const { random } = seeder
  const foreign = index % 6 === 5 ? FOREIGN_FIRMS[Math.floor(index / 6) % FOREIGN_FIRMS.length] : undefined
  const firm = random.pick(FIRMS)
  const branch = random.pick(BRANCHES)
  const name: Pair = foreign === undefined
    ? [`${firm[0]} ${branch[0]} ${index + 1}`, `${firm[1]} ${branch[1]} ${index + 1}`]
    : [`${foreign} ${index + 1}`, `${foreign} ${index + 1}`]
  const code = `C${String(index + 1).padStart(5, '0')}`
  const city = foreign === undefined ? random.between(0, 6) : random.between(7, CITIES.length - 1)
  const { party } = seedCompany(
    seeder, base, { code, name, city, notes: random.oneIn(10) ? 'Плаща винаги навреме.' : null },
  )
  const id = seeder.guid()
  const salesPerson = random.between(0, base.salesPersons.length - 1)
  const channel = known(base.channels, random.pick(['WHS', 'RTL', 'WEB']))
  const paymentType = known(base.paymentTypes, random.pick(['BANK', 'BANK', 'CARD', 'CASH']))
  seeder.write('Crm_Customers', {
    ...CREATED, Customer_Id: id, Party_Id: party, Customer_Number: code, Active: Number(!random.oneIn(15)),
    Allow_Use_As_Primary_Customer: 1, Allow_Use_As_Ship_To_Customer: 1,
    Credit_Limit: index === 0 ? BEYOND_DOUBLES : random.oneIn(3) ? null : money(random.between(1, 400) * 100_000),
    Customer_Type_Id: known(base.customerTypes, random.pick(['K', 'R', 'R', 'N'])),
    Default_Currency_Id: known(base.currencies, 'EUR'), Default_Delivery_Term_Days: random.pick([1, 3, 7]),
    Default_Payment_Term_Days: random.pick([0, 14, 30]), Default_Distribution_Channel_Id: channel,
    Default_Payment_Type_Id: paymentType, Default_Payment_Account_Id: base.payAccounts[0] ?? null,
    Default_Price_List_Id: random.oneIn(4) ? null : random.pick(base.priceLists),
    Sales_Person_Id: base.salesPersons[salesPerson] ?? null, From_Date: day(random.between(0, Math.floor(DAYS / 2))),
  })
  return { id, party, salesPerson, channel, paymentType, country: known(base.countries, CITIES[city]?.[2] ?? 'BG') }
}
