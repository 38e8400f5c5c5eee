import type { EntitySource } from '../schema.ts'

/** Currencies, rates and payments. For the form of a line see `schema.ts`. */
export const FINANCE: readonly EntitySource[] = [
  {
    entity: 'General.Currencies.Currencies', type: 'Currency', table: 'Gen_Currencies',
    category: 'Settings',
    display: '{CurrencySign}',
    columns: `
      Currency_Id    uniqueidentifier  =<i  key as Id
      Currency_Name  nvarchar(50)      ~    as Name
      Currency_Sign  nvarchar(4)       =~   orderable
      Is_Active      bit               =
      Show_Order     int               -
      Row_Version    timestamp         -`,
  },
  {
    entity: 'General.Currencies.CurrencyDirectories', type: 'CurrencyDirectory', table: 'Gen_Currency_Directories',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Currency_Directory_Id    uniqueidentifier  =<i  key as Id
      Document_Id              uniqueidentifier  =i   => Gen_Documents
      Currency_Directory_Name  nvarchar(64)      ~    as Name
      Is_Default               bit               =
      Is_Released              bit               =    readonly obsolete
      To_Currency_Id           uniqueidentifier  =i   -> Gen_Currencies
      Row_Version              timestamp         -`,
  },
  {
    entity: 'General.Currencies.CurrencyDirectoryLines', type: 'CurrencyDirectoryLine', table: 'Gen_Currency_Directory_Lines',
    category: 'Definitions',
    display: '{CurrencyDirectory.Name}',
    columns: `
      Currency_Directory_Line_Id  uniqueidentifier  =<i  key as Id
      Currency_Directory_Id       uniqueidentifier  =i   => Gen_Currency_Directories.Lines
      From_Currency_Id            uniqueidentifier  =i   -> Gen_Currencies
      Rate_Divisor                decimal(18,6)     -
      Rate_Multiplier             decimal(18,6)     -
      Row_Version                 timestamp         -`,
  },
  {
    entity: 'Finance.Payments.PaymentTypes', type: 'PaymentType', table: 'Cash_Payment_Types',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Payment_Type_Id             uniqueidentifier   =<i  key as Id
      Default_Payment_Account_Id  uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Enterprise_Company_Id       uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Is_Active                   bit                =
      Payment_Type_Code           nvarchar(16)       =~   as Code orderable
      Payment_Type_Name           nvarchar(254)      ~    as Name multilanguage
      System_Type                 char(2)?           -    key enum Finance.Payments.PaymentTypesRepository.SystemType
      Row_Version                 timestamp          -`,
  },
  {
    entity: 'Finance.Payments.PaymentAccounts', type: 'PaymentAccount', table: 'Cash_Payment_Accounts',
    category: 'Definitions',
    display: '{Name:T}',
    columns: `
      Payment_Account_Id              uniqueidentifier   =<i  key as Id
      Currency_Id                     uniqueidentifier   =i   -> Gen_Currencies
      Enterprise_Company_Id           uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Enterprise_Company_Location_Id  uniqueidentifier?  =i   -> Cm_Company_Locations
      Is_Active                       bit                =
      Payment_Account_Code            nvarchar(16)       =~   as Code orderable
      Payment_Account_Name            nvarchar(50)       ~    as Name multilanguage
      Payment_Type_Id                 uniqueidentifier?  =i   -> Cash_Payment_Types
      Use_Base_Currency               bit                -
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Finance.Payments.PaymentOrders', type: 'PaymentOrder', table: 'Cash_Payment_Orders',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Payment_Order_Id            uniqueidentifier   =<i  key as Id
      Document_Id                 uniqueidentifier   =i   => Gen_Documents
      Bill_To                     char(1)?           =    enum Finance.Payments.PaymentOrdersRepository.BillTo
      Direction                   char(1)            =    enum Finance.Payments.PaymentOrdersRepository.Direction
      Due_Date                    datetime?          =<
      Invoice_Amount              decimal(18,2)?     -    amount
      Invoice_Amount_Currency_Id  uniqueidentifier?  =i   -> Gen_Currencies
      Is_Amount_With_VAT          bit                =
      Is_Released                 bit                =    readonly obsolete
      Location_Party_Id           uniqueidentifier?  =i   -> Gen_Parties
      Notes                       nvarchar(254)?     -
      Party_Id                    uniqueidentifier   =i   -> Gen_Parties
      Payment_Account_Id          uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Payment_Type_Id             uniqueidentifier?  =i   -> Cash_Payment_Types
      Ref_Document_Date           datetime?          =<
      Ref_Document_Id             uniqueidentifier?  =i   -> Gen_Documents
      Ref_Document_No             nvarchar(20)       =
      Ref_Document_Type_Id        uniqueidentifier   =i   -> Gen_Document_Types
      Ref_Invoice_Document_Id     uniqueidentifier?  =i   -> Gen_Documents
      Ref_Invoice_Document_No     nvarchar(20)?      =
      Total_Amount                decimal(18,2)      =<   amount
      Total_Amount_Currency_Id    uniqueidentifier   =i   -> Gen_Currencies
      Row_Version                 timestamp          -`,
  },
  {
    entity: 'Finance.Payments.PaymentTransactions', type: 'PaymentTransaction', table: 'Cash_Payment_Transactions',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Payment_Transaction_Id    uniqueidentifier   =<i  key as Id
      Document_Id               uniqueidentifier   =i   => Gen_Documents
      Direction                 char(1)            =    enum Finance.Payments.PaymentOrdersRepository.Direction
      Is_Released               bit                =    readonly obsolete
      Notes                     nvarchar(254)?     -
      Party_Id                  uniqueidentifier   =i   -> Gen_Parties
      Payment_Account_Id        uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Payment_Slip_No           nvarchar(20)?      =
      Payment_Type_Id           uniqueidentifier?  =i   -> Cash_Payment_Types
      Total_Amount              decimal(18,2)      -    amount
      Total_Amount_Currency_Id  uniqueidentifier   =i   -> Gen_Currencies
      Row_Version               timestamp          -`,
  },
]
