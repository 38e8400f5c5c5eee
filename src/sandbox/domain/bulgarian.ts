/** Bulgarian names of repositories, attributes, references, child collections, enumeration members and categories. */
export const BULGARIAN: ReadonlyMap<string, string> = read(`
  Documents: Документи; DocumentTypes: Типове документи; DocumentTypeUserStatuses: Потребителски статуси
  DocumentComments: Коментари към документи; SalesOrders: Поръчки за продажба; InvoiceLines: Редове на фактури
  SalesOrderLines: Редове на поръчки за продажба; Invoices: Фактури; Customers: Клиенти; CustomerTypes: Типове клиенти
  SalesPersons: Търговци; DistributionChannels: Канали за дистрибуция; PriceLists: Ценови листи
  ProductPrices: Цени на продукти; StoreTransactions: Складови операции; Stores: Складове; StoreBins: Складови места
  StoreTransactionLines: Редове на складови операции; Lots: Партиди; CurrentBalances: Текущи наличности
  Parties: Контрагенти; Persons: Лица; Companies: Фирми; CompanyLocations: Обекти на фирми
  CompanyDivisions: Поделения; CompanyEmployees: Служители; ContactMechanisms: Контакти
  PartyContactMechanisms: Контакти на контрагенти; Countries: Държави; Areas: Райони; Products: Продукти
  ProductGroups: Продуктови групи; ProductTypes: Типове продукти; ProductCodes: Кодове на продукти
  CodingSystems: Кодиращи системи; MeasurementUnits: Мерни единици; MeasurementCategories: Категории мерни единици
  Currencies: Валути; CurrencyDirectories: Валутни курсове; CurrencyDirectoryLines: Редове с валутни курсове
  PaymentTypes: Начини на плащане; PaymentAccounts: Разплащателни сметки; PaymentOrders: Платежни нареждания
  PaymentTransactions: Плащания; EnterpriseCompanies: Фирми в групата; Users: Потребители
  CustomProperties: Потребителски свойства; PropertyValues: Стойности на свойства; TableInfo: Сведения за таблици
  Cases: Случаи; TimeEntries: Отчетено време; AppsPerformance: Натоварване от приложения

  ABCClass: ABC клас; Active: Активен; AggregateLastUpdateTimeUtc: Последна промяна на агрегата (UTC)
  AllowUseAsPrimaryCustomer: Може да е основен клиент; AllowUseAsShipToCustomer: Може да е получател
  ApplyDate: Дата на прилагане; ApplyTradeConditions: Прилагане на търговски условия
  AutoApplyDiscountLevel: Ниво на автоматична отстъпка; BaseCost: Себестойност в базова валута
  BasicAuthenticationAllowed: Разрешено базово удостоверяване; BillTo: Фактуриране на; BirthDate: Дата на раждане
  BusinessReason: Основание; City: Град; Code: Код; Comment: Коментар; CommentTimestamp: Време на коментара
  CommissionPercent: Комисиона %; CompanyName: Име на фирма; CompleteTime: Време на приключване
  ContactMechanismType: Тип контакт; ContractCode: Код на договор; ContractEndDate: Край на договора
  ContractStartDate: Начало на договора; CostSource: Източник на себестойността; CostingMethod: Метод на оценка
  CreateManully: Ръчно създаване; CreationTime: Време на създаване; CreationTimeUtc: Време на създаване (UTC)
  CreationUser: Създал; CreditLimit: Кредитен лимит; CreditLimitOverride: Надвишаване на кредитния лимит
  CurrencySign: Знак на валутата; CustomerPurchaseOrderDate: Дата на заявката на клиента
  CustomerPurchaseOrderNo: Номер на заявката на клиента; DefaultCostingMethod: Метод на оценка по подразбиране
  DefaultCustomerCreditLimitBase: Кредитен лимит по подразбиране; DefaultDeliveryTermDays: Срок за доставка (дни)
  DefaultLanguage: Език по подразбиране; DefaultPaymentTermDays: Срок за плащане (дни); DeliveryDate: Дата на доставка
  DeliveryTermsCode: Условия на доставка; Description: Описание; Direction: Посока; DisplayOrder: Ред на показване
  DisplayText: Показван текст; Divisor: Делител; DocumentDate: Дата на документа; DocumentId: Номер на запис
  DocumentNo: Номер на документа; DocumentNotes: Бележки към документа; DocumentVersion: Версия на документа
  DueDate: Краен срок; Email: Електронна поща; EmailConfirmed: Потвърдена поща; EntityItemId: Номер на обекта
  EntityName: Име на обекта; ExpiryDate: Срок на годност; ExternalId: Външен номер; ExternalSystem: Външна система
  Finished: Завършен; FirstName: Име; FromDate: От дата; FullPath: Пълен път; GLN: GLN; Gender: Пол
  GuaranteePeriodDays: Гаранция (дни); Hint: Подсказка; Id: Номер на запис; Instructions: Указания
  IntrastatCode: Код по Интрастат; InvoiceAmount: Сума по фактура; InvoiceNo: Номер на фактура; IsActive: Активен
  IsAdmin: Администратор; IsAmountWithVAT: Сумата е с ДДС; IsDefault: По подразбиране
  IsDefaultUnit: Единица по подразбиране; IsExitStatus: Крайна степен; IsFeatured: Препоръчан
  IsFixedAsset: Дълготраен актив; IsReleased: Пуснат; IsScrap: Брак; IsSerialized: Със серийни номера
  IsServiced: Обслужва се; IsShipped: Доставя се; IsStocked: Складира се; IsUnique: Уникален
  IsVATRegistered: Регистрация по ДДС; LastName: Фамилия; LimitToAllowedValues: Само разрешени стойности
  LineAmount: Сума на реда; LineBaseCost: Себестойност на реда; LineCost: Себестойност във валутата на склада
  LineCustomDiscountPercent: Отстъпка %; LineDocumentCost: Себестойност във валутата на документа; LineNo: Ред №
  LineOrd: Пореден номер; LineProductCost: Себестойност във валутата на продукта
  LineStandardDiscountPercent: Стандартна отстъпка %; LineStoreCost: Себестойност в склада; LocationName: Име на обекта
  Login: Потребителско име; LotsIssue: Изписване на партиди; MaxQuantity: Максимално количество; MiddleName: Презиме
  MinQuantity: Минимално количество; MinimalSalesPricePerLot: Минимална продажна цена; MovementType: Вид движение
  Multiplier: Множител; Name: Наименование; NationalNumber: ЕГН; NonSolicitation: Без реклама; Notes: Бележки
  Number: Номер; ObjectVersion: Версия на записа; Parent: Родител; ParentLineNo: Ред на родителя
  PartNumber: Код на продукта; PartyCode: Код на контрагента; PartyCreationTime: Създаден на
  PartyCreationUser: Създал контрагента; PartyId: Номер на запис; PartyName: Име на контрагента
  PartyNotes: Бележки за контрагента; PartyType: Тип контрагент; PartyUniqueNumber: Уникален номер
  PartyUpdateTime: Променен на; PartyUpdateUser: Променил контрагента; PaymentDueDate: Срок за плащане
  PaymentSlipNo: Номер на платежен документ; PhoneNumber: Телефон; Picture: Снимка; Price: Цена
  PriceQuantity: Количество за цената; Priority: Приоритет; ProductCodeField: Код; ProductCost: Себестойност на продукта
  ProductDescription: Описание на продукта; PropertyType: Тип на свойството; PropertyValueField: Стойност
  PurchaseLotNumber: Партида на доставчика; Quantity: Количество; QuantityBase: Количество в базова единица
  RateDivisor: Делител на курса; RateMultiplier: Множител на курса; ReadOnly: Само за четене
  ReceiptDate: Дата на постъпване; RefDocumentDate: Дата на основанието; RefDocumentNo: Номер на основанието
  RefInvoiceDocumentNo: Номер на фактурата; ReferenceDate: Дата за справка; ReferenceDocumentNo: Номер за справка
  RegistrationNumber: ЕИК; RegistrationPrimaryAddress: Адрес по регистрация; RegistrationType: Правна форма
  RegistrationVATNumber: Номер по ДДС; ReleaseTime: Време на пускане; ReportingCurrencyRate: Курс за отчитане
  RequiredDeliveryDate: Искана дата на доставка; ResponsiblePersonName: Отговорно лице; RowCount: Брой редове
  SalesOrderAmount: Сума по поръчката; ShortName: Кратко име; ShowInCatalog: В каталога; ShowOrder: Ред на показване
  SizeMB: Размер (MB); StandardCostPerLot: Стандартна себестойност; StandardPricePerLot: Стандартна цена
  StandardQuantityBase: Стандартно количество; StandardUnitPrice: Стандартна единична цена; State: Състояние
  Status: Статус; StoreCost: Себестойност в склада; SystemType: Системен тип; SystemUnit: Системна единица
  TableName: Таблица; TaxAmount: Данък; ThruDate: До дата; TimeZone: Часова зона; Title: Титла; ToDate: До дата
  TotalAmount: Обща сума; TransactionTimestamp: Време на операцията; TransitionalDocument: Преходен документ
  TypeName: Име на типа; UnitCost: Единична себестойност; UnitPrice: Единична цена; Unmanaged: Неуправляван
  UpdateTime: Време на промяна; UpdateUser: Променил; UseBaseCurrency: В базова валута; UseLots: Ползване на партиди
  UserStatusName: Потребителски статус; UserType: Тип потребител; VATNotes: Бележки по ДДС; ValueId: Номер на стойността
  ViewItemId: Номер на реда; Void: Анулиран; VoidReason: Причина за анулиране; VoidTime: Време на анулиране
  WorkingTime: Работно време; CustomProperty_Colour: Цвят; CustomProperty_Eco_u002ELabel: Еко етикет
  CustomProperty_Priority: Приоритет; CalculatedAttribute_Margin: Марж; CalculatedAttribute_Discount: Отстъпка

  Application: Приложение; BusyTimeHoursPerDay: Заетост (часове на ден); BusyTimePercentage: Заетост %
  DueTime: Краен час; EndTime: Край; EstimatedTimeHours: Очаквано време (ч); Requests: Брой заявки; StartTime: Начало
  StatisticsSince: Начало на статистиката; StoryPoints: Точки; SystemState: Системно състояние

  Case: Случай; OwnerUser: Собственик; ParentCase: Родителски случай; StakeholderParty: Заинтересован
  Area: Район; AssignToUser: Възложено на; AssignedToUser: Възложен на; BaseCurrency: Базова валута
  BaseMeasurementCategory: Категория мерни единици; CodingSystem: Кодираща система; Company: Фирма
  ContactMechanism: Контакт; CostingCurrency: Валута на себестойността; Country: Държава
  CreditNoteOriginalInvoice: Фактура към кредитното известие; Currency: Валута; CurrencyDirectory: Валутни курсове
  Customer: Клиент; CustomerType: Тип клиент; DefaultCurrency: Валута по подразбиране
  DefaultDistributionChannel: Канал по подразбиране; DefaultMeasurementUnit: Мерна единица по подразбиране
  DefaultPaymentAccount: Сметка по подразбиране; DefaultPaymentType: Начин на плащане по подразбиране
  DefaultPriceList: Ценова листа по подразбиране; DefaultProductCodingSystem: Кодиране по подразбиране
  DefaultProductType: Тип продукт по подразбиране; DefaultStoreBin: Складово място по подразбиране
  DistributionChannel: Канал за дистрибуция; Document: Документ; DocumentCurrency: Валута на документа
  DocumentType: Тип документ; EndCustomerParty: Краен клиент; EnterpriseCompany: Фирма в групата
  EnterpriseCompanyLocation: Обект на фирмата; FromCompanyDivision: От поделение; FromCurrency: От валута
  FromParty: От контрагент; IntrastatTransportCountry: Държава на транспорта; Invoice: Фактура
  InvoiceAmountCurrency: Валута на фактурата; IssuingPerson: Издал; LineStore: Склад на реда
  LocationParty: Обект; Lot: Партида; MasterDocument: Главен документ; MeasurementCategory: Категория мерни единици
  MeasurementUnit: Мерна единица; Nationality: Гражданство; OriginCountry: Държава на произход
  ParentDocument: Родителски документ; ParentGroup: Родителска група; ParentParty: Родителски контрагент
  ParentSalesOrderLine: Ред от поръчка за продажба; Party: Контрагент; PaymentAccount: Разплащателна сметка
  PaymentTransaction: Плащане; PaymentType: Начин на плащане; Person: Лице; PriceList: Ценова листа
  PriceQuantityMeasurementUnit: Мерна единица на цената; Product: Продукт; ProductCode: Код на продукт
  ProductGroup: Продуктова група; ProductPrice: Цена на продукт; ProductType: Тип продукт; Property: Свойство
  QuantityUnit: Мерна единица; ReceiptStoreTransaction: Операция на постъпване; ReceivingPerson: Получил
  RefDocument: Основание; RefDocumentType: Тип на основанието; RefInvoiceDocument: Фактура
  RegistrationResponsiblePerson: Управител; ReportingCurrency: Валута за отчитане; ResponsibleParty: Отговорен
  ResponsiblePerson: Отговорно лице; SalesOrder: Поръчка за продажба; SalesPerson: Търговец
  ShipToCustomer: Получател; Store: Склад; StoreBin: Складово място; ToCompanyDivision: Към поделение
  ToCurrency: Към валута; ToParty: Към контрагент; TotalAmountCurrency: Валута на общата сума
  TransactionLine: Ред от складова операция; TransactionObj: Складова операция; User: Потребител
  UserStatus: Потребителски статус; Comments: Коментари; UserStatuses: Потребителски статуси; Lines: Редове
  Bins: Складови места; Prices: Цени; Codes: Кодове

  BACKLOG: За по-късно; CONSIDER: За обсъждане; READY: Готов; INPROGRESS: В работа; WAITING: Изчакващ
  RESOLVED: Решен; CLOSED: Затворен; Four: Четвърто; Five: Пето; Six: Шесто
  Payment: Плащане; Shipment: Доставка; One: Първо; Two: Второ; Three: Трето; CompanyLocation: Обект
  Outgoing: Изходящо; Incoming: Входящо; Cash: В брой; ByCard: С карта; BankTransfer: Банков превод; Coupons: Талони
  Check: Чек; UserDefined1: Потребителски 1; UserDefined2: Потребителски 2; Vouchers: Ваучери; Packaging: Амбалаж
  InternalUsage: Вътрешна употреба; Damage: Повреда; Other: Друго; Address: Адрес; Mail: Електронна поща; Fax: Факс
  MobilePhone: Мобилен телефон; Telephone: Телефон; WebSite: Уеб сайт; PostalCode: Пощенски код
  WebProfile: Уеб профил; CompanyDivision: Поделение; Female: Жена; Male: Мъж; PreferNotToSay: Не посочва; New: Нов
  Adjustment: Корекция; Planned: Планиран; FirmPlanned: Твърдо планиран; Released: Пуснат; Completed: Приключен
  Closed: Затворен; AverageCost: Средна цена; ExplicitlySpecifyLot: С посочена партида
  SetByBlockedForDocument: По документа; Bulgarian: Български; English: Английски; Lowest: Най-нисък; Low: Нисък
  Medium: Среден; High: Висок; Highest: Най-висок; GrossKilograms: Бруто килограми; HeightMeters: Височина (м)
  LengthMeters: Дължина (м); NetKilograms: Нето килограми; Pieces: Бройки; VolumeLiters: Обем (л)
  WidthMeters: Ширина (м); TimeHours: Време (ч); Allowed: Разрешено; NotAllowed: Забранено; Required: Задължително
  AverageCostForTheWholeProduct: Средна цена за продукта; SeparateCostForEachLot: По партиди
  AveragePartitionedByReservedForDocument: Средна цена по документ; FirstInFirstOut: Първа входяща, първа изходяща
  FirstExpireFirstOut: По срок на годност; LastInFirstOut: Последна входяща, първа изходяща; FreeToUse: Свободна
  BlockedForDocument: Блокирана за документ; BlockedForParty: Блокирана за контрагент
  BlockedForInspection: Блокирана за проверка; Issue: Разход; Receipt: Приход; ExWorks: Франко завода
  FrancoCarrier: Франко превозвача; FreeAlongsideShip: Франко до кораба; FreeOnBoard: Франко борд
  CostAndFreightCF: Стойност и навло; CostInsuranceAndFreight: Стойност, застраховка и навло
  CarriagePaidTo: Превоз, платен до; CarriageAndInsurancePaidTo: Превоз и застраховка, платени до
  DeliveredAtPlace: Доставено до място; DeliveredAtTerminal: Доставено до терминал
  DeliveredDutyPaid: Доставено с платено мито; DeliveredAtPlaceUnloaded: Доставено и разтоварено; Text: Текст
  Date: Дата; InternalUser: Вътрешен потребител; ExternalCommunityUser: Външен потребител
  VirtualUserNoLogin: Виртуален потребител; SystemUserNoLogin: Системен потребител
  ApplicationUserNoLogin: Потребител на приложение; InvitationInternalNoLogin: Поканен вътрешен потребител
  InvitationExternalNoLogin: Поканен външен потребител

  System: Системни; Extensible Data Object: Разширяем обект; Custom Properties: Потребителски свойства
  Calculated Attributes: Изчислими атрибути
`)

function read(text: string): ReadonlyMap<string, string> {
  const entries = text.split(/[;\n]/).map(entry => entry.trim()).filter(entry => entry !== '')
  return new Map(entries.map(entry => {
    const at = entry.indexOf(': ')
    return [entry.slice(0, at), entry.slice(at + 2)] as const
  }))
}
