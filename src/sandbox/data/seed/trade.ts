import type { Sizes } from '../replicas.ts'
import { known, type Foundation } from './foundation.ts'
import type { Customer, Parties } from './parties.ts'
import type { Product } from './products.ts'
import { day, DAYS, moment, money, quantity, type Seeder } from './seeder.ts'
import { HARD_NOTES, NOTES } from './words.ts'

/** The company's days: orders, and what follows from them until the money is in. */

const STATES = { new: 0, planned: 10, firmPlanned: 20, released: 30, completed: 40, closed: 50 } as const

interface Surroundings {
  readonly seeder: Seeder
  readonly base: Foundation
  readonly parties: Parties
  readonly products: readonly Product[]
}

interface Order {
  readonly document: string
  readonly number: string
  readonly day: number
  readonly customer: Customer
  readonly state: number
  readonly void: boolean
  readonly master: string
  readonly notes: string | null
}

interface Line {
  readonly id: string
  readonly number: number
  readonly product: Product
  /** Thousandths of the unit. */
  readonly quantity: number
  /** Euro cents, before tax. */
  readonly amount: number
}

/** Sales order lines, the oldest first, with the documents around them. */
export function seedTrade(surroundings: Surroundings, { replicas, lines, rest }: Sizes): void {
  const { seeder } = surroundings
  seedRates(surroundings)
  let written = 0
  let index = 0
  seeder.copies = replicas
  for (; written < lines; index += 1) {
    const count = Math.min(seeder.random.between(1, 8), lines - written)
    // One order has 4.5 lines on average: so the days pass evenly from the first to the last.
    const today = Math.min(DAYS, Math.floor(((written + count) / lines) * DAYS))
    seedOrder(surroundings, index, today, count)
    written += count
  }
  seeder.copies = rest
  if (rest > 0) seedOrder(surroundings, index, DAYS, 1)
  seeder.copies = 1
}

interface DocumentFacts {
  readonly type: string
  readonly entity: string
  readonly number: string
  readonly day: number
  readonly state: number
  readonly from: string
  readonly to: string | null
  readonly void?: boolean
  readonly master?: string
  readonly parent?: string
  readonly notes?: string | null
  readonly person?: string | null
  readonly login?: string
  readonly status?: string | null
}

function seedDocument({ seeder, base, parties }: Surroundings, facts: DocumentFacts): string {
  const id = seeder.growingKey()
  const second = seeder.random.between(28_800, 64_800)
  const isVoid = facts.void === true
  seeder.write('Gen_Documents', {
    Id: id, Document_Type_Id: known(base.documentTypes, facts.type), Entity_Name: facts.entity,
    Document_No: facts.number, Document_Date: day(facts.day), Document_Version: 1, State: facts.state,
    Void: Number(isVoid), Read_Only: Number(facts.state === STATES.closed),
    Void_Reason: isVoid ? 'Отказ на клиента / cancelled by the customer' : null,
    Void_Time: isVoid ? moment(facts.day + 1, second) : null, Enterprise_Company_Id: parties.home.enterprise,
    Enterprise_Company_Location_Id: parties.home.location, From_Party_Id: facts.from, To_Party_Id: facts.to,
    Master_Document_Id: facts.master ?? id, Parent_Document_Id: facts.parent ?? null,
    Creation_Time: moment(facts.day, second), Creation_User: facts.login ?? 'admin', Notes: facts.notes ?? null,
    Release_Time: facts.state >= STATES.released ? moment(facts.day, second + 600) : null,
    Complete_Time: facts.state >= STATES.completed ? moment(facts.day + 2, second) : null,
    Responsible_Person_Id: facts.person ?? null, Reference_Date: facts.parent === undefined ? null : day(facts.day),
    Assigned_To_User_Id: facts.state < STATES.completed ? parties.users.get(facts.login ?? '') ?? null : null,
    User_Status_Id: facts.status ?? null,
  })
  return id
}

function seedOrder(surroundings: Surroundings, index: number, today: number, count: number): void {
  const { seeder, base, parties } = surroundings
  const { random } = seeder
  const customer = random.pick(parties.customers)
  const person = parties.salesPersons[customer.salesPerson]
  const state = orderState(seeder, today)
  const isVoid = random.oneIn(40)
  const web = random.oneIn(6)
  const number = `${web ? 'W' : 'S'}${String(index + 1).padStart(8, '0')}`
  const notes = HARD_NOTES[index] ?? (random.oneIn(5) ? random.pick(NOTES) : null)
  const document = seedDocument(surroundings, {
    type: web ? 'SOW' : 'SO', entity: 'Crm_Sales_Orders', number, day: today, state, void: isVoid, notes,
    from: parties.home.party, to: customer.party, person: person?.person ?? null, login: person?.login ?? 'admin',
    status: state === STATES.released ? base.userStatuses.get(random.pick(['PACK', 'HOLD', 'none'])) ?? null : null,
  })
  const id = seeder.growingKey()
  const store = random.pick(parties.stores)
  seeder.write('Crm_Sales_Orders', {
    Sales_Order_Id: id, Document_Id: document, Customer_Id: customer.id, Credit_Limit_Override: 0,
    Apply_Trade_Conditions: 1,
    Customer_Purchase_Order_No: random.oneIn(3) ? `PO-${random.between(1000, 99_999)}` : null,
    Document_Currency_Id: known(base.currencies, 'EUR'),
    Delivery_Terms_Code: random.oneIn(3) ? random.pick(['EXW', 'DAP', 'CPT']) : null,
    Distribution_Channel_Id: customer.channel, Is_Released: Number(state >= STATES.released),
    Payment_Type_Id: customer.paymentType, Payment_Account_Id: parties.accounts[0] ?? null,
    Payment_Due_Date: day(today + 14), Price_List_Id: random.oneIn(3) ? null : random.pick(parties.priceLists),
    Required_Delivery_Date: random.oneIn(4) ? null : day(today + random.between(1, 10)),
    Sales_Person_Id: person?.id ?? null,
    Ship_To_Customer_Id: random.oneIn(8) ? random.pick(parties.customers).id : customer.id, Store_Id: store.id,
    Notes: index < HARD_NOTES.length ? (HARD_NOTES[index] ?? '').slice(0, 254) : null,
    Intrastat_Transport_Country_Id: random.oneIn(5) ? customer.country : null,
  })
  const lines = Array.from({ length: count }, (_, line) => seedOrderLine(surroundings, id, line + 1, store, today))
  if (random.oneIn(12)) {
    seeder.write('Gen_Document_Comments', {
      Document_Comment_Id: seeder.growingKey(), Document_Id: document, Comment: random.pick(NOTES),
      Comment_Timestamp: moment(today, 40_000), User_Id: parties.users.get(person?.login ?? 'admin') ?? null,
    })
  }
  const order = { document, number, day: today, customer, state, void: isVoid, master: document, notes }
  if (state >= STATES.released && !isVoid) followOrder(surroundings, { ...order, id, store }, lines)
}

/** Old orders are done; the newest are only planned. */
function orderState({ random }: Seeder, today: number): number {
  const age = DAYS - today
  if (age > 60) return random.oneIn(12) ? STATES.completed : STATES.closed
  if (age > 20) return random.oneIn(3) ? STATES.released : STATES.completed
  return random.pick([STATES.released, STATES.released, STATES.firmPlanned, STATES.planned, STATES.new])
}

function seedOrderLine(
  { seeder, products }: Surroundings, order: string, number: number, store: Parties['stores'][number], today: number,
): Line {
  const { random } = seeder
  const product = random.pick(products)
  const amountOf = product.whole ? random.between(1, 40) * 1000 : random.between(250, 60_000)
  const discount = random.oneIn(5) ? random.pick([5, 10, 15]) : 0
  const amount = Math.round((amountOf * product.cents * (100 - discount)) / 100_000)
  const id = seeder.growingKey()
  seeder.write('Crm_Sales_Order_Lines', {
    Sales_Order_Line_Id: id, Sales_Order_Id: order, Line_No: number * 10, Product_Id: product.id,
    Product_Description: product.name, Apply_Trade_Conditions: 1, Quantity: quantity(amountOf),
    Quantity_Base: quantity(amountOf), Standard_Quantity_Base: quantity(amountOf), Quantity_Unit_Id: product.unit,
    Unit_Price: money(product.cents, 5), Standard_Unit_Price: random.oneIn(4) ? null : money(product.cents, 5),
    Line_Custom_Discount_Percent: (discount / 100).toFixed(6), Line_Standard_Discount_Percent: '0.000000',
    Line_Amount: money(amount), Tax_Amount: random.oneIn(10) ? null : money(Math.round(amount * 0.2)),
    Lot_Id: product.lot, Product_Code_Id: product.code, Product_Price_Id: product.price, Line_Store_Id: store.id,
    Store_Bin_Id: random.oneIn(3) ? random.pick(store.bins) : null,
    Required_Delivery_Date: random.oneIn(3) ? day(today + random.between(1, 10)) : null,
    Guarantee_Period_Days: product.whole ? 730 : null, Notes: random.oneIn(25) ? random.pick(NOTES) : null,
  })
  return { id, number: number * 10, product, quantity: amountOf, amount }
}

type OpenOrder = Order & { readonly id: string; readonly store: Parties['stores'][number] }

/** Goods leave the store, an invoice is written, and most of them are paid. */
function followOrder(surroundings: Surroundings, order: OpenOrder, lines: readonly Line[]): void {
  const { random } = surroundings.seeder
  if (order.state === STATES.released && random.oneIn(2)) return
  const issued = seedIssue(surroundings, order, lines)
  if (random.oneIn(10)) return
  const total = lines.reduce((sum, { amount }) => sum + amount, 0)
  const invoice = seedInvoice(surroundings, order, lines, issued)
  seedPayment(surroundings, order, invoice, Math.round(total * 1.2))
}

function seedIssue(surroundings: Surroundings, order: OpenOrder, lines: readonly Line[]): readonly string[] {
  const { seeder, base, parties } = surroundings
  const document = seedDocument(surroundings, {
    type: 'STI', entity: 'Inv_Transactions', number: order.number.replace(/^./, 'T'), day: order.day + 1,
    state: STATES.closed,
    from: order.store.party, to: order.customer.party, master: order.master, parent: order.document,
  })
  const id = seeder.growingKey()
  seeder.write('Inv_Transactions', {
    Transaction_Id: id, Document_Id: document, Movement_Type: 'I', Store_Id: order.store.id, Is_Released: 1,
    Is_Scrap: 0, Cost_Source: 'S', Document_Currency_Id: known(base.currencies, 'EUR'),
    Issuing_Person_Id: parties.salesPersons[0]?.person ?? null,
  })
  return lines.map(line => {
    const lineId = seeder.growingKey()
    const cost = money(Math.round(line.amount * 0.7))
    seeder.write('Inv_Transaction_Lines', {
      Transaction_Line_Id: lineId, Transaction_Id: id, Line_No: line.number, Product_Id: line.product.id,
      Quantity: quantity(line.quantity), Quantity_Base: quantity(line.quantity),
      Standard_Quantity_Base: quantity(line.quantity), Quantity_Unit_Id: line.product.unit,
      Unit_Cost: money(Math.round(line.product.cents * 0.7), 5), Line_Cost: cost, Line_Base_Cost: cost,
      Line_Document_Cost: cost, Line_Product_Cost: cost, Line_Store_Cost: cost, Finished: 1, Lot_Id: line.product.lot,
      Product_Code_Id: line.product.code,
      Store_Bin_Id: seeder.random.oneIn(2) ? seeder.random.pick(order.store.bins) : null,
      Parent_Document_Id: order.document, Parent_Line_No: line.number,
      Transaction_Timestamp: moment(order.day + 1, 36_000 + line.number),
    })
    return lineId
  })
}

function seedInvoice(
  surroundings: Surroundings, order: OpenOrder, lines: readonly Line[], issued: readonly string[],
): { document: string; number: string } {
  const { seeder, base, parties } = surroundings
  const number = order.number.replace(/^./, '1')
  const document = seedDocument(surroundings, {
    type: 'INV', entity: 'Crm_Invoices', number, day: order.day + 2, state: STATES.closed, from: parties.home.party,
    to: order.customer.party,
    master: order.master, parent: order.document,
  })
  const id = seeder.growingKey()
  seeder.write('Crm_Invoices', {
    Invoice_Id: id, Document_Id: document, Apply_Date: day(order.day + 2), Customer_Id: order.customer.id,
    Is_Released: 1, Delivery_Date: day(order.day + 1), Document_Currency_Id: known(base.currencies, 'EUR'),
    Payment_Account_Id: parties.accounts[0] ?? null, Payment_Type_Id: order.customer.paymentType,
    Payment_Due_Date: day(order.day + 16), VAT_Notes: seeder.random.oneIn(30) ? 'чл. 53 от ЗДДС' : null,
  })
  for (const [index, line] of lines.entries()) {
    seeder.write('Crm_Invoice_Lines', {
      Invoice_Line_Id: seeder.growingKey(), Invoice_Id: id, Line_No: line.number, Business_Reason: 'S',
      Product_Id: line.product.id, Product_Description: line.product.name, Quantity: quantity(line.quantity),
      Quantity_Base: quantity(line.quantity), Standard_Quantity_Base: quantity(line.quantity),
      Quantity_Unit_Id: line.product.unit, Unit_Price: money(line.product.cents, 5), Line_Amount: money(line.amount),
      Line_Custom_Discount_Percent: '0.000000', Line_Standard_Discount_Percent: '0.000000',
      Parent_Document_Id: order.document, Parent_Line_No: line.number, Parent_Sales_Order_Line_Id: line.id,
      Sales_Order_Id: order.id, Sales_Order_Amount: money(line.amount), Transaction_Line_Id: issued[index] ?? null,
    })
  }
  return { document, number }
}

function seedPayment(
  surroundings: Surroundings, order: OpenOrder, invoice: { document: string; number: string }, total: number,
): void {
  const { seeder, base, parties } = surroundings
  const shared = {
    Party_Id: order.customer.party, Payment_Account_Id: parties.accounts[0] ?? null,
    Payment_Type_Id: order.customer.paymentType, Total_Amount: money(total),
    Total_Amount_Currency_Id: known(base.currencies, 'EUR'), Is_Released: 1, Direction: 'R',
  }
  const between = {
    from: order.customer.party, to: parties.home.party, master: order.master, parent: invoice.document,
    state: STATES.closed,
  }
  const owed = seedDocument(surroundings, {
    ...between, type: 'PAO', entity: 'Cash_Payment_Orders', number: order.number.replace(/^./, 'P'), day: order.day + 2,
  })
  seeder.write('Cash_Payment_Orders', {
    ...shared, Payment_Order_Id: seeder.growingKey(), Document_Id: owed, Bill_To: 'C', Due_Date: day(order.day + 16),
    Is_Amount_With_VAT: 1, Ref_Document_Id: order.document, Ref_Document_No: order.number,
    Ref_Document_Date: day(order.day), Ref_Document_Type_Id: known(base.documentTypes, 'SO'),
    Ref_Invoice_Document_Id: invoice.document, Ref_Invoice_Document_No: invoice.number,
  })
  if (seeder.random.oneIn(5)) return
  const paid = seedDocument(surroundings, {
    ...between, type: 'PAT', entity: 'Cash_Payment_Transactions', number: order.number.replace(/^./, 'M'),
    day: order.day + seeder.random.between(2, 40),
  })
  seeder.write('Cash_Payment_Transactions', { ...shared, Payment_Transaction_Id: seeder.growingKey(), Document_Id: paid })
}

/** The exchange rates of each month, against the euro. */
function seedRates(surroundings: Surroundings): void {
  const { seeder, base, parties } = surroundings
  const rates: readonly (readonly [string, number])[] = [['USD', 921_500], ['RON', 201_100], ['GBP', 1_171_200]]
  for (let month = 0; month * 30 < DAYS; month += 1) {
    const document = seedDocument(surroundings, {
      type: 'CUR', entity: 'Gen_Currency_Directories', number: `R${String(month + 1).padStart(8, '0')}`,
      day: month * 30,
      state: STATES.released, from: parties.home.party, to: null,
    })
    const id = seeder.growingKey()
    seeder.write('Gen_Currency_Directories', {
      Currency_Directory_Id: id, Document_Id: document,
      Currency_Directory_Name: `Rates ${day(month * 30).slice(0, 7)}`, Is_Default: 1, Is_Released: 1,
      To_Currency_Id: known(base.currencies, 'EUR'),
    })
    for (const [sign, rate] of rates) {
      seeder.write('Gen_Currency_Directory_Lines', {
        Currency_Directory_Line_Id: seeder.growingKey(), Currency_Directory_Id: id,
        From_Currency_Id: known(base.currencies, sign), Rate_Divisor: '1.000000',
        Rate_Multiplier: ((rate + seeder.random.between(-9000, 9000)) / 1_000_000).toFixed(6),
      })
    }
  }
}
