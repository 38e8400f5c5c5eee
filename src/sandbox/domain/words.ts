import type { Language } from './culture.ts'
import { BULGARIAN } from './bulgarian.ts'

/** The localised names of the model: English is made from the names themselves, Bulgarian is a dictionary. */
export function localName(name: string, language: Language): string {
  return (language === 'bg' ? BULGARIAN.get(name) : undefined) ?? humanName(name)
}

/** `DocumentNo` is `Document no`, `CustomProperty_Eco_u002ELabel` is `Eco.Label`. */
function humanName(name: string): string {
  const custom = /^(?:CustomProperty|CalculatedAttribute)_(.*)$/.exec(name)?.[1]
  if (custom !== undefined) {
    return custom.replaceAll(/_u00([0-9A-F]{2})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
  const words = name.replaceAll('_', ' ').split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|\s+/)
  const lowered = words.map((word, index) => (index > 0 && !/^[A-Z]{2,}/.test(word) ? word.toLowerCase() : word))
  return lowered.join(' ')
}

/** What a repository is, in a sentence; the sandbox describes those that people look at first. */
export function repositoryDescription(repository: string, language: Language): string | null {
  return REPOSITORIES[repository]?.[language === 'bg' ? 1 : 0] ?? null
}

const REPOSITORIES: Readonly<Record<string, readonly [english: string, bulgarian: string]>> = {
  'General.Documents.Documents': ['Documents of every kind.', 'Документи от всякакъв вид.'],
  'General.Documents.DocumentComments': [
    'What people say about a document.', 'Коментари на потребителите към документ.',
  ],
  'Systems.Documents.DocumentTypes': [
    'How documents of a kind behave.', 'Определя поведението на документите от даден вид.',
  ],
  'Crm.Sales.SalesOrders': ['What customers order.', 'Заявеното от клиентите.'],
  'Crm.Sales.SalesOrderLines': ['The products of a sales order.', 'Продуктите в една поръчка за продажба.'],
  'Crm.Sales.Customers': ['Parties that buy.', 'Контрагентите, които купуват.'],
  'Crm.Invoicing.Invoices': ['Invoices to customers.', 'Фактури към клиенти.'],
  'Crm.Invoicing.InvoiceLines': ['What an invoice asks money for.', 'За какво е издадена фактурата.'],
  'Crm.Pricing.ProductPrices': ['What a product costs, for whom and when.', 'Цена на продукт: за кого и кога важи.'],
  'Logistics.Inventory.StoreTransactions': ['Goods that enter or leave a store.', 'Движение на стоки в склад.'],
  'Logistics.Inventory.CurrentBalances': ['What lies in the stores now.', 'Текущи наличности по складове.'],
  'General.Contacts.Parties': [
    'Companies, persons, stores and whoever else takes part.', 'Фирми, лица, складове и други участници.',
  ],
  'General.Contacts.Persons': ['People.', 'Физически лица.'],
  'General.Contacts.Companies': ['Legal persons.', 'Юридически лица.'],
  'General.Products.Products': ['What is bought, made and sold.', 'Това, което се купува, произвежда и продава.'],
  'General.Products.ProductGroups': [
    'A tree into which products are sorted.', 'Дърво, по което се групират продуктите.',
  ],
  'General.Currencies.Currencies': ['Kinds of money.', 'Видове пари.'],
  'Finance.Payments.PaymentOrders': ['What is to be paid, and by when.', 'Какво трябва да се плати и докога.'],
  'Finance.Payments.PaymentTransactions': ['Money that came or went.', 'Постъпили и изплатени суми.'],
  'Systems.Security.Users': ['Who may sign in.', 'Кой може да влиза в системата.'],
}

/** What an attribute that many entities have means. */
export function attributeDescription(name: string, language: Language): string | null {
  return ATTRIBUTES[name]?.[language === 'bg' ? 1 : 0] ?? null
}

const ATTRIBUTES: Readonly<Record<string, readonly [english: string, bulgarian: string]>> = {
  Id: ['The id of the record.', 'Уникален номер на записа.'],
  DocumentNo: ['The number, unique among documents of the type.', 'Номерът, уникален в рамките на типа документ.'],
  DocumentDate: ['The day of which the document speaks.', 'Датата, за която се отнася документът.'],
  State: ['How far the document has come.', 'Докъде е стигнал документът.'],
  Void: ['Whether the document has been cancelled.', 'Дали документът е анулиран.'],
  IsActive: ['Whether it may be used in new documents.', 'Дали може да се ползва в нови документи.'],
  Name: ['The name, in every language.', 'Наименованието на всички езици.'],
  Code: ['The short name.', 'Краткото наименование.'],
  Notes: ['Free text.', 'Свободен текст.'],
  Quantity: ['How much, in the unit of the line.', 'Количеството в мерната единица на реда.'],
  LineAmount: ['The amount of the line, without VAT.', 'Стойността на реда без ДДС.'],
  UnitPrice: ['The price of one unit.', 'Цената за единица.'],
  DisplayText: ['What stands for the record in lists.', 'Текстът, с който записът се показва в списъци.'],
  AggregateLastUpdateTimeUtc: [
    'When anything of the aggregate was last changed.', 'Кога за последно е променян агрегатът.',
  ],
}
