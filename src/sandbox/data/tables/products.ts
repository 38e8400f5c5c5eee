import type { EntitySource } from '../schema.ts'

/** Products, their groups, codes and units. For the form of a line see `schema.ts`. */
export const PRODUCTS: readonly EntitySource[] = [
  {
    entity: 'General.Products.Products', type: 'Product', table: 'Gen_Products',
    category: 'Definitions',
    display: '{Name:T}',
    columns: `
      Id                            uniqueidentifier   =<i  key
      ABC_Class                     char(2)            =    enum General.Products.ProductsRepository.ABCClass
      Active                        bit                =
      Base_Measurement_Category_Id  uniqueidentifier   =i   -> Gen_Measurement_Categories
      Costing_Currency_Id           uniqueidentifier?  =i   -> Gen_Currencies
      Costing_Method                char(4)?           -    enum General.Products.ProductsRepository.CostingMethod
      Creation_Time                 datetime?          <    readonly
      Creation_User                 nvarchar(64)?      ~    readonly
      Description                   nvarchar(max)?     -    multilanguage
      Enterprise_Company_Id         uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Guarantee_Period_Days         int?               -
      Is_Featured                   bit                =
      Is_Serialized                 bit                =
      Lots_Issue                    char(4)?           -    enum General.Products.ProductsRepository.LotsIssue
      Measurement_Unit_Id           uniqueidentifier   =i   -> Gen_Measurement_Units
      Minimal_Sales_Price_Per_Lot   decimal(18,4)?     -    amount
      Origin_Country_Id             uniqueidentifier?  =i   -> Gen_Countries
      Part_Number                   nvarchar(32)       =~i  orderable
      Product_Group_Id              uniqueidentifier   =i   -> Gen_Product_Groups
      Product_Name                  nvarchar(254)      =~   as Name multilanguage
      Product_Type_Id               uniqueidentifier   =i   -> Gen_Product_Types
      Short_Name                    nvarchar(128)?     =~   multilanguage
      Show_In_Catalog               bit                =i
      Standard_Cost_Per_Lot         decimal(18,4)      -    amount
      Standard_Price_Per_Lot        decimal(18,4)      -    amount
      Update_Time                   datetime?          <    readonly
      Update_User                   nvarchar(64)?      ~    readonly
      Use_Lots                      char(1)            -    enum General.Products.ProductsRepository.UseLots
      Row_Version                   timestamp          -`,
  },
  {
    entity: 'General.Products.ProductGroups', type: 'ProductGroup', table: 'Gen_Product_Groups',
    category: 'Definitions',
    display: '{Name:T}',
    columns: `
      Id                           uniqueidentifier   =<i  key
      Active                       bit                =
      Default_Measurement_Unit_Id  uniqueidentifier?  =i   -> Gen_Measurement_Units
      Default_Product_Type_Id      uniqueidentifier?  =i   -> Gen_Product_Types
      Enterprise_Company_Id        uniqueidentifier?  =i   -> Gen_Enterprise_Companies
      Full_Path                    nvarchar(254)      =~   orderable
      Notes                        nvarchar(254)?     -
      Parent                       nvarchar(254)      =    obsolete
      Parent_Group_Id              uniqueidentifier?  =i   -> Gen_Product_Groups
      Picture                      varbinary?         -
      Product_Group_Code           nvarchar(16)       =~   as Code orderable
      Product_Group_Name           nvarchar(180)      =~   as Name multilanguage
      Use_Lots                     char(1)?           -    enum General.Products.ProductGroupsRepository.UseLots
      Row_Version                  timestamp          -`,
  },
  {
    entity: 'General.Products.ProductTypes', type: 'ProductType', table: 'Gen_Product_Types',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Product_Type_Id    uniqueidentifier  =<i  key as Id
      Is_Default         bit               =
      Is_Fixed_Asset     bit               =
      Is_Serviced        bit               =
      Is_Shipped         bit               =
      Is_Stocked         bit               =
      Product_Type_Code  nvarchar(16)      =~   as Code orderable
      Product_Type_Name  nvarchar(254)     =~   as Name multilanguage
      Row_Version        timestamp         -`,
  },
  {
    entity: 'General.Products.ProductCodes', type: 'ProductCode', table: 'Gen_Product_Codes',
    category: 'Definitions',
    display: '{ProductCodeField}',
    columns: `
      Product_Code_Id   uniqueidentifier  =<i  key as Id
      Product_Id        uniqueidentifier  =i   => Gen_Products.Codes
      Active            bit               =
      Coding_System_Id  uniqueidentifier  =i   -> Gen_Coding_Systems
      Product_Code      nvarchar(32)      =~   as ProductCodeField orderable
      Row_Version       timestamp         -`,
  },
  {
    entity: 'General.Products.CodingSystems', type: 'CodingSystem', table: 'Gen_Coding_Systems',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Coding_System_Id             uniqueidentifier   =<i  key as Id
      Coding_System_Name           nvarchar(254)      =~   as Name multilanguage
      Default_Measurement_Unit_Id  uniqueidentifier?  =i   -> Gen_Measurement_Units
      Description                  nvarchar(max)?     -
      Is_Unique                    bit                =
      Row_Version                  timestamp          -`,
  },
  {
    entity: 'General.Products.MeasurementUnits', type: 'MeasurementUnit', table: 'Gen_Measurement_Units',
    category: 'Definitions',
    display: '{Name:T}',
    columns: `
      Id                       uniqueidentifier  =<i  key
      Measurement_Category_Id  uniqueidentifier  =i   => Gen_Measurement_Categories.MeasurementUnits
      Description              nvarchar(max)?    -    multilanguage
      Divisor                  decimal(9,3)      -
      Is_Default_Unit          bit               =
      Measurement_Unit_Code    nvarchar(16)?     =~   as Code orderable
      Measurement_Unit_Name    nvarchar(64)      =~   as Name multilanguage
      Multiplier               decimal(9,3)      -
      System_Unit              char(1)?          =~   enum General.Products.MeasurementUnitsRepository.SystemUnit
      Row_Version              timestamp         -`,
  },
  {
    entity: 'General.Products.MeasurementCategories', type: 'MeasurementCategory', table: 'Gen_Measurement_Categories',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Id                         uniqueidentifier  =<i  key
      Is_Default                 bit               =
      Measurement_Category_Name  nvarchar(64)      =~   as Name multilanguage
      Row_Version                timestamp         -`,
  },
]
