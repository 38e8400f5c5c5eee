import type { EntitySource } from '../schema.ts'

/** Stores, what goes in and out of them, and what lies there. For the form of a line see `schema.ts`. */
export const INVENTORY: readonly EntitySource[] = [
  {
    entity: 'Logistics.Inventory.StoreTransactions', type: 'StoreTransaction', table: 'Inv_Transactions',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Transaction_Id        uniqueidentifier   =<i  key as Id
      Document_Id           uniqueidentifier   =i   => Gen_Documents
      Cost_Source           char(1)            -    enum Logistics.Inventory.StoreTransactionsRepository.CostSource readonly
      Document_Currency_Id  uniqueidentifier   =i   -> Gen_Currencies
      Is_Released           bit                =    readonly obsolete
      Is_Scrap              bit                =
      Issuing_Person_Id     uniqueidentifier?  =i   -> Cm_Persons
      Movement_Type         char(1)            =i   enum Logistics.Inventory.MovementType
      Receiving_Person_Id   uniqueidentifier?  =i   -> Cm_Persons
      Store_Id              uniqueidentifier   =i   -> Inv_Stores
      Row_Version           timestamp          -`,
  },
  {
    entity: 'Logistics.Inventory.StoreTransactionLines', type: 'StoreTransactionLine', table: 'Inv_Transaction_Lines',
    category: 'Definitions',
    display: '{LineNo}. {TransactionObj.DocumentNo} {TransactionObj.DocumentType.TypeName:T}',
    columns: `
      Transaction_Line_Id     uniqueidentifier   =<i  key as Id
      Transaction_Id          uniqueidentifier   =i   => Inv_Transactions.Lines as TransactionObj
      Finished                bit?               =
      Guarantee_Period_Days   int?               -
      Line_Base_Cost          decimal(14,2)      -    amount
      Line_Cost               decimal(14,2)      -    amount
      Line_Document_Cost      decimal(14,2)      -    amount readonly
      Line_No                 int                -
      Line_Product_Cost       decimal(14,2)      -    amount readonly
      Line_Store_Cost         decimal(14,2)      -    amount readonly
      Lot_Id                  uniqueidentifier?  =i   -> Inv_Lots
      Notes                   nvarchar(254)?     -
      Parent_Document_Id      uniqueidentifier?  =i   -> Gen_Documents
      Parent_Line_No          int?               -
      Product_Code_Id         uniqueidentifier?  =i   -> Gen_Product_Codes
      Product_Id              uniqueidentifier   =i   -> Gen_Products
      Quantity                decimal(18,3)      -    quantity
      Quantity_Base           decimal(18,3)      <    quantity
      Quantity_Unit_Id        uniqueidentifier   =i   -> Gen_Measurement_Units
      Standard_Quantity_Base  decimal(18,3)      -    quantity readonly
      Store_Bin_Id            uniqueidentifier?  =i   -> Inv_Store_Bins
      Transaction_Timestamp   datetime?          <    orderable
      Unit_Cost               decimal(14,5)      -    amount
      Row_Version             timestamp          -`,
  },
  {
    entity: 'Logistics.Inventory.Stores', type: 'Store', table: 'Inv_Stores',
    category: 'Definitions', extends: 'General.Contacts.Parties',
    display: '{PartyName:T}',
    columns: `
      Id                              uniqueidentifier   =<i  key
      Party_Id                        uniqueidentifier   =i   => Gen_Parties
      Active                          bit?               -    obsolete
      Creation_Time                   datetime?          <    readonly
      Creation_User                   nvarchar(64)?      ~    readonly
      Currency_Id                     uniqueidentifier?  =i   -> Gen_Currencies
      Default_Store_Bin_Id            uniqueidentifier?  =i   -> Inv_Store_Bins
      Enterprise_Company_Id           uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Enterprise_Company_Location_Id  uniqueidentifier?  =i   -> Cm_Company_Locations
      Parent_Store_Id                 uniqueidentifier?  =i   -> Inv_Stores as Parent
      Responsible_Party_Id            uniqueidentifier?  =i   -> Gen_Parties
      Store_Code                      nvarchar(16)       =~   as Code orderable
      Store_Name                      nvarchar(254)      ~    as Name multilanguage
      Unmanaged                       bit                -
      Update_Time                     datetime?          <    readonly
      Update_User                     nvarchar(64)?      ~    readonly
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Logistics.Inventory.StoreBins', type: 'StoreBin', table: 'Inv_Store_Bins',
    category: 'Definitions',
    display: '{Name}',
    columns: `
      Id              uniqueidentifier  =<i  key
      Store_Id        uniqueidentifier  =i   => Inv_Stores.Bins
      Active          bit               =
      Is_Default      bit               -
      Store_Bin_Name  nvarchar(254)     ~    as Name
      Row_Version     timestamp         -`,
  },
  {
    entity: 'Logistics.Inventory.Lots', type: 'Lot', table: 'Inv_Lots',
    category: 'Views',
    display: '{Number}',
    columns: `
      Lot_Id                        uniqueidentifier   =<i  key as Id
      Description                   nvarchar(254)?     -    multilanguage
      Expiry_Date                   datetime?          <
      Lot_Number                    nvarchar(30)       =~   as Number orderable
      Product_Id                    uniqueidentifier   =i   -> Gen_Products.Lots
      Purchase_Lot_Number           nvarchar(30)?      ~
      Receipt_Date                  date?              <    readonly
      Receipt_Store_Transaction_Id  uniqueidentifier?  =i   -> Inv_Transactions
      Status                        int                =i   enum Logistics.Inventory.LotsRepository.Status
      Row_Version                   timestamp          -`,
  },
  {
    entity: 'Logistics.Inventory.CurrentBalances', type: 'CurrentBalance', table: 'Inv_Current_Balances',
    category: 'Views', view: true,
    display: '{BaseCostValue}: {EnterpriseCompanyId}',
    columns: `
      Base_Cost              decimal(38,2)      <   amount
      Enterprise_Company_Id  uniqueidentifier   =i  -> Gen_Enterprise_Companies
      Lot_Id                 uniqueidentifier?  =i  -> Inv_Lots
      Product_Cost           decimal(38,2)      -   amount
      Product_Id             uniqueidentifier   =i  ~> Gen_Products
      Quantity_Base          decimal(38,3)      =<  quantity readonly
      Store_Bin_Id           uniqueidentifier?  =i  -> Inv_Store_Bins
      Store_Cost             decimal(38,2)      -   amount
      Store_Id               uniqueidentifier   =i  -> Inv_Stores`,
  },
]
