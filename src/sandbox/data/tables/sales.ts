import type { EntitySource } from '../schema.ts'

/** Customers, orders, invoices and prices. For the form of a line see `schema.ts`. */
export const SALES: readonly EntitySource[] = [
  {
    entity: 'Crm.Sales.SalesOrders', type: 'SalesOrder', table: 'Crm_Sales_Orders',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Sales_Order_Id                  uniqueidentifier   =<i  key as Id
      Document_Id                     uniqueidentifier   =i   => Gen_Documents
      Apply_Trade_Conditions          bit?               =
      Credit_Limit_Override           bit                =
      Customer_Id                     uniqueidentifier   =i   -> Crm_Customers
      Customer_Purchase_Order_Date    date?              <
      Customer_Purchase_Order_No      nvarchar(20)?      =~   orderable
      Delivery_Terms_Code             char(3)?           -    enum Regulatory.Intrastat.DeliveryTerms
      Distribution_Channel_Id         uniqueidentifier?  =i   -> Crm_Distribution_Channels
      Document_Currency_Id            uniqueidentifier   =i   -> Gen_Currencies
      End_Customer_Party_Id           uniqueidentifier?  =i   -> Gen_Parties
      From_Date                       date?              <
      Intrastat_Transport_Country_Id  uniqueidentifier?  =i   -> Gen_Countries
      Invoice_No                      nvarchar(32)?      =
      Is_Released                     bit                =    readonly obsolete
      Notes                           nvarchar(254)?     -    obsolete
      Payment_Account_Id              uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Payment_Due_Date                datetime?          <
      Payment_Type_Id                 uniqueidentifier?  =i   -> Cash_Payment_Types
      Price_List_Id                   uniqueidentifier?  =i   -> Crm_Price_Lists
      Required_Delivery_Date          date?              <
      Sales_Person_Id                 uniqueidentifier?  =i   -> Crm_Sales_Persons
      Ship_To_Customer_Id             uniqueidentifier?  =i   -> Crm_Customers
      Store_Id                        uniqueidentifier?  =i   -> Inv_Stores
      To_Date                         date?              <
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Crm.Sales.SalesOrderLines', type: 'SalesOrderLine', table: 'Crm_Sales_Order_Lines',
    category: 'Definitions',
    display: '{LineNo}. {SalesOrder.DocumentNo} {SalesOrder.DocumentType.TypeName:T}',
    columns: `
      Sales_Order_Line_Id             uniqueidentifier   =<i  key as Id
      Sales_Order_Id                  uniqueidentifier   =i   => Crm_Sales_Orders.Lines
      Apply_Trade_Conditions          bit                =
      Guarantee_Period_Days           int?               -
      Line_Amount                     decimal(14,2)      -    amount
      Line_Custom_Discount_Percent    decimal(7,6)       <
      Line_No                         int                =    orderable
      Line_Standard_Discount_Percent  decimal(7,6)       -    readonly
      Line_Store_Id                   uniqueidentifier?  =~i  -> Inv_Stores
      Lot_Id                          uniqueidentifier?  =i   -> Inv_Lots
      Notes                           nvarchar(max)?     -
      Parent_Document_Id              uniqueidentifier?  =i   -> Gen_Documents
      Parent_Line_No                  int?               =
      Product_Code_Id                 uniqueidentifier?  =i   -> Gen_Product_Codes
      Product_Description             nvarchar(254)      ~    multilanguage
      Product_Id                      uniqueidentifier   =i   -> Gen_Products
      Product_Price_Id                uniqueidentifier?  =i   -> Crm_Product_Prices
      Quantity                        decimal(12,3)      <    quantity
      Quantity_Base                   decimal(12,3)      -    quantity
      Quantity_Unit_Id                uniqueidentifier   =i   -> Gen_Measurement_Units
      Required_Delivery_Date          date?              <
      Standard_Quantity_Base          decimal(12,3)      -    quantity readonly
      Standard_Unit_Price             decimal(14,5)?     -    amount readonly
      Store_Bin_Id                    uniqueidentifier?  =i   -> Inv_Store_Bins
      Tax_Amount                      decimal(12,2)?     -    amount
      Unit_Price                      decimal(14,5)      -    amount
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Crm.Invoicing.Invoices', type: 'Invoice', table: 'Crm_Invoices',
    category: 'Documents', extends: 'General.Documents.Documents',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Invoice_Id                       uniqueidentifier   =<i  key as Id
      Document_Id                      uniqueidentifier   =i   => Gen_Documents
      Apply_Date                       date               <
      Credit_Note_Original_Invoice_Id  uniqueidentifier?  =i   -> Crm_Invoices
      Customer_Id                      uniqueidentifier   =i   -> Crm_Customers
      Delivery_Date                    datetime?          <
      Delivery_Terms_Code              char(3)?           -    enum Regulatory.Intrastat.DeliveryTerms
      Document_Currency_Id             uniqueidentifier   =i   -> Gen_Currencies
      Intrastat_Transport_Country_Id   uniqueidentifier?  =i   -> Gen_Countries
      Is_Released                      bit                =    readonly obsolete
      Notes                            nvarchar(254)?     -
      Payment_Account_Id               uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Payment_Due_Date                 datetime?          <
      Payment_Type_Id                  uniqueidentifier?  =i   -> Cash_Payment_Types
      VAT_Notes                        nvarchar(254)?     -
      Row_Version                      timestamp          -`,
  },
  {
    entity: 'Crm.Invoicing.InvoiceLines', type: 'InvoiceLine', table: 'Crm_Invoice_Lines',
    category: 'Definitions',
    display: '{LineNo}. {Invoice.DocumentNo} {Invoice.DocumentType.TypeName:T}',
    columns: `
      Invoice_Line_Id                 uniqueidentifier   =<i  key as Id
      Invoice_Id                      uniqueidentifier   =i   => Crm_Invoices.Lines
      Business_Reason                 char(1)            -    enum Crm.Invoicing.InvoicingBusinessReason
      Line_Amount                     decimal(14,2)      -    amount
      Line_Custom_Discount_Percent    decimal(7,6)       <
      Line_No                         int                =
      Line_Standard_Discount_Percent  decimal(7,6)       -
      Notes                           nvarchar(254)?     -
      Parent_Document_Id              uniqueidentifier?  =i   -> Gen_Documents
      Parent_Line_No                  int?               -
      Parent_Sales_Order_Line_Id      uniqueidentifier?  =i   -> Crm_Sales_Order_Lines
      Payment_Transaction_Id          uniqueidentifier?  =i   -> Cash_Payment_Transactions
      Product_Description             nvarchar(254)      -    multilanguage
      Product_Id                      uniqueidentifier?  =i   -> Gen_Products
      Quantity                        decimal(12,3)      <    quantity
      Quantity_Base                   decimal(12,3)      -    quantity
      Quantity_Unit_Id                uniqueidentifier   =i   -> Gen_Measurement_Units
      Sales_Order_Amount              decimal(14,2)?     -
      Sales_Order_Id                  uniqueidentifier?  =~i  -> Crm_Sales_Orders
      Standard_Quantity_Base          decimal(12,3)      -    quantity readonly
      Transaction_Line_Id             uniqueidentifier?  =i   -> Inv_Transaction_Lines
      Unit_Price                      decimal(14,5)      -    amount
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Crm.Sales.Customers', type: 'Customer', table: 'Crm_Customers',
    category: 'Definitions',
    display: '{Party.PartyName:T}',
    columns: `
      Customer_Id                      uniqueidentifier   =<i  key as Id
      Active                           bit                =
      Allow_Use_As_Primary_Customer    bit                =
      Allow_Use_As_Ship_To_Customer    bit                =
      Creation_Time                    datetime?          <    readonly
      Creation_User                    nvarchar(64)?      ~    readonly
      Credit_Limit                     decimal(18,2)?     -    amount
      Customer_Number                  nvarchar(16)?      =~   as Number orderable
      Customer_Type_Id                 uniqueidentifier?  =i   -> Crm_Customer_Types
      Default_Currency_Id              uniqueidentifier?  =i   -> Gen_Currencies
      Default_Delivery_Term_Days       int                -
      Default_Distribution_Channel_Id  uniqueidentifier?  =i   -> Crm_Distribution_Channels
      Default_Payment_Account_Id       uniqueidentifier?  =i   -> Cash_Payment_Accounts
      Default_Payment_Term_Days        int                -
      Default_Payment_Type_Id          uniqueidentifier?  =i   -> Cash_Payment_Types
      Default_Price_List_Id            uniqueidentifier?  =i   -> Crm_Price_Lists
      Enterprise_Company_Id            uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      From_Date                        datetime?          <
      Party_Id                         uniqueidentifier   =i   ~> Gen_Parties
      Sales_Person_Id                  uniqueidentifier?  =i   -> Crm_Sales_Persons
      Thru_Date                        datetime?          <
      Update_Time                      datetime?          <    readonly
      Update_User                      nvarchar(64)?      ~    readonly
      Row_Version                      timestamp          -`,
  },
  {
    entity: 'Crm.Sales.CustomerTypes', type: 'CustomerType', table: 'Crm_Customer_Types',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Customer_Type_Id    uniqueidentifier  =<i  key as Id
      Customer_Type_Name  nvarchar(254)     =~   as Name multilanguage
      Is_Active           bit               =
      Row_Version         timestamp         -`,
  },
  {
    entity: 'Crm.SalesForce.SalesPersons', type: 'SalesPerson', table: 'Crm_Sales_Persons',
    category: 'Definitions',
    display: '{Person.PartyName:T}',
    columns: `
      Sales_Person_Id                 uniqueidentifier   =<i  key as Id
      Commission_Percent              decimal(7,6)?      -
      Contract_End_Date               datetime?          <
      Contract_Start_Date             datetime?          <
      Enterprise_Company_Id           uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Enterprise_Company_Location_Id  uniqueidentifier?  =i   -> Cm_Company_Locations
      Is_Active                       bit                =
      Person_Id                       uniqueidentifier   =i   ~> Cm_Persons
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Crm.Marketing.DistributionChannels', type: 'DistributionChannel', table: 'Crm_Distribution_Channels',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Distribution_Channel_Id    uniqueidentifier  =<i  key as Id
      Description                nvarchar(max)?    -
      Distribution_Channel_Code  nvarchar(10)      =~   as Code
      Distribution_Channel_Name  nvarchar(254)     =~   as Name multilanguage
      Is_Active                  bit               =
      Row_Version                timestamp         -`,
  },
  {
    entity: 'Crm.Pricing.PriceLists', type: 'PriceList', table: 'Crm_Price_Lists',
    category: 'Settings',
    display: '{Name}',
    columns: `
      Price_List_Id              uniqueidentifier   =<i  key as Id
      Auto_Apply_Discount_Level  char(1)            =i   enum Crm.Pricing.LineDiscountsRepository.DiscountLevel
      Description                nvarchar(max)?     -
      Enterprise_Company_Id      uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      From_Date                  datetime?          =<
      Is_Active                  bit                =
      Price_List_Name            nvarchar(50)       =~   as Name orderable
      Thru_Date                  datetime?          =<
      Row_Version                timestamp          -`,
  },
  {
    entity: 'Crm.Pricing.ProductPrices', type: 'ProductPrice', table: 'Crm_Product_Prices',
    category: 'Definitions',
    display: '{Price} - {FromDate}',
    columns: `
      Product_Price_Id                    uniqueidentifier   =<i  key as Id
      Currency_Id                         uniqueidentifier   =i   -> Gen_Currencies
      Customer_Id                         uniqueidentifier?  =i   -> Crm_Customers
      Distribution_Channel_Id             uniqueidentifier?  =i   -> Crm_Distribution_Channels
      Enterprise_Company_Id               uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Enterprise_Company_Location_Id      uniqueidentifier?  =i   -> Cm_Company_Locations
      From_Date                           date?              =<
      Is_Active                           bit                =
      Max_Quantity                        decimal(18,3)?     =<   quantity
      Min_Quantity                        decimal(18,3)?     =<   quantity
      Notes                               nvarchar(254)?     ~
      Price                               decimal(13,5)      =<   amount
      Price_List_Id                       uniqueidentifier?  =i   -> Crm_Price_Lists
      Price_Quantity                      decimal(10,3)      <    quantity
      Price_Quantity_Measurement_Unit_Id  uniqueidentifier   =i   -> Gen_Measurement_Units
      Priority                            tinyint            =i   enum General.Priority
      Product_Id                          uniqueidentifier   =i   ~> Gen_Products.Prices
      Ship_To_Customer_Id                 uniqueidentifier?  =i   -> Crm_Customers
      Thru_Date                           date?              =<
      Row_Version                         timestamp          -`,
  },
]
