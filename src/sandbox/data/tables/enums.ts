/** The enumerations of the Domain model: one a line, `name value stored` for each member (deeper lines go on). */
export const ENUMS = `
  Crm.Invoicing.InvoicingBusinessReason: Payment 0 P, Shipment 1 S
  Crm.Pricing.LineDiscountsRepository.DiscountLevel: One 0 1, Two 1 2, Three 2 3
  Finance.Payments.PaymentOrdersRepository.BillTo: Company 0 C, CompanyLocation 1 L
  Finance.Payments.PaymentOrdersRepository.Direction: Outgoing 0 I, Incoming 1 R
  Finance.Payments.PaymentTypesRepository.SystemType: Cash 0 CH, ByCard 1 CD, BankTransfer 2 BT, Coupons 3 TK,
     Check 4 CK, UserDefined1 5 U1, UserDefined2 6 U2, Vouchers 7 U3, Packaging 8 PK, InternalUsage 9 IU,
     Damage 10 DG, Other 11 OT
  General.Contacts.CompanyLocationsRepository.BillTo: Company 0 C, CompanyLocation 1 L
  General.Contacts.ContactMechanismsRepository.ContactMechanismType: Address 0 A, Mail 1 E, Fax 2 F,
     MobilePhone 3 M, Other 4 O, Telephone 5 T, WebSite 6 W, PostalCode 7 P, WebProfile 8 X
  General.Contacts.PartiesRepository.PartyType: Company 0 C, CompanyLocation 1 L, Person 2 P, Store 3 S,
     CompanyDivision 4 V
  General.Contacts.PersonsRepository.Gender: Female 0 F, Male 1 M, Other 2 O, PreferNotToSay 3 N
  General.Documents.DocumentState: New 0 0, Adjustment 5 5, Planned 10 10, FirmPlanned 20 20, Released 30 30,
     Completed 40 40, Closed 50 50
  General.EnterpriseCompaniesRepository.DefaultCostingMethod: AverageCost 0 AVG, ExplicitlySpecifyLot 1 EXP,
     SetByBlockedForDocument 2 BLD
  General.EnterpriseCompaniesRepository.DefaultLanguage: Bulgarian 0 bg, English 1 en
  General.Priority: Lowest 1 1, Low 2 2, Medium 3 3, High 4 4, Highest 5 5
  General.Products.MeasurementUnitsRepository.SystemUnit: GrossKilograms 0 G, HeightMeters 1 H,
     LengthMeters 2 L, NetKilograms 3 N, Pieces 4 P, VolumeLiters 5 V, WidthMeters 6 W, TimeHours 7 T
  General.Products.ProductGroupsRepository.UseLots: Allowed 0 A, NotAllowed 1 N, Required 2 R
  General.Products.ProductsRepository.ABCClass: A 0 A, B 1 B, C 2 C
  General.Products.ProductsRepository.CostingMethod: AverageCostForTheWholeProduct 0 AVG,
     SeparateCostForEachLot 1 EXP, AveragePartitionedByReservedForDocument 2 BLD
  General.Products.ProductsRepository.LotsIssue: FirstInFirstOut 0 FIFO, FirstExpireFirstOut 1 FEFO,
     LastInFirstOut 2 LIFO
  General.Products.ProductsRepository.UseLots: Allowed 0 A, NotAllowed 1 N, Required 2 R
  Logistics.Inventory.LotsRepository.Status: FreeToUse 0 0, BlockedForDocument -3 -3, BlockedForParty -2 -2,
     BlockedForInspection -1 -1
  Logistics.Inventory.MovementType: Issue 0 I, Receipt 1 R
  Logistics.Inventory.StoreTransactionsRepository.CostSource: Store 0 S, Document 1 D, Adjustment 2 A
  Projects.Agile.CasesRepository.Priority: Highest 1 1, Two 2 2, Three 3 3, Four 4 4, Five 5 5, Six 6 6, Lowest 7 7
  Projects.Agile.CasesRepository.SystemState: BACKLOG 0 1, CONSIDER 1 2, READY 2 3, INPROGRESS 3 4, WAITING 4 5,
     RESOLVED 5 6, CLOSED 6 7
  Regulatory.Intrastat.DeliveryTerms: ExWorks 0 EXW, FrancoCarrier 1 FCA, FreeAlongsideShip 2 FAS,
     FreeOnBoard 3 FOB, CostAndFreightCF 4 CFR, CostInsuranceAndFreight 5 CIF, CarriagePaidTo 6 CPT,
     CarriageAndInsurancePaidTo 7 CIP, DeliveredAtPlace 8 DAP, DeliveredAtTerminal 9 DAT,
     DeliveredDutyPaid 10 DDP, DeliveredAtPlaceUnloaded 11 DPU
  Systems.Bpm.CustomPropertiesRepository.PropertyType: Text 0 T, Number 1 N, Picture 2 P, Date 3 D
  Systems.Security.UsersRepository.UserType: InternalUser 0 INT, ExternalCommunityUser 1 EXT,
     VirtualUserNoLogin 2 VIR, SystemUserNoLogin 3 SYS, ApplicationUserNoLogin 4 APP,
     InvitationInternalNoLogin 5 INI, InvitationExternalNoLogin 6 INE`
