import type { EntitySource } from '../schema.ts'

/** The enterprise itself, its users, custom properties and monitoring. For the form of a line see `schema.ts`. */
export const SYSTEMS: readonly EntitySource[] = [
  {
    entity: 'General.EnterpriseCompanies', type: 'EnterpriseCompany', table: 'Gen_Enterprise_Companies',
    category: 'Definitions',
    display: '{Company.PartyName:T}',
    columns: `
      Enterprise_Company_Id               uniqueidentifier   =<i  key as Id
      Base_Currency_Id                    uniqueidentifier   =i   -> Gen_Currencies
      Company_Id                          uniqueidentifier   =i   ~> Cm_Companies
      Default_Costing_Method              char(4)            -    enum General.EnterpriseCompaniesRepository.DefaultCostingMethod
      Default_Customer_Credit_Limit_Base  decimal(18,2)?     =~   amount
      Default_Language                    nvarchar(10)?      -    enum General.EnterpriseCompaniesRepository.DefaultLanguage obsolete
      Is_Active                           bit                =i
      Reporting_Currency_Id               uniqueidentifier?  =i   -> Gen_Currencies
      Reporting_Currency_Rate             decimal(18,6)?     =
      Row_Version                         timestamp          -`,
  },
  {
    entity: 'Systems.Security.Users', type: 'User', table: 'Sec_Users',
    category: 'Definitions',
    display: '{Name} <{Login}> [{UserType:DB}]',
    columns: `
      User_Id                       uniqueidentifier   =<i  key as Id
      Active                        bit                =
      Basic_Authentication_Allowed  bit                =
      Company_Name                  nvarchar(64)?      -
      Creation_Time_Utc             datetime           <    readonly
      Default_Language              nvarchar(15)?      =
      Email                         nvarchar(254)?     =~i  orderable
      Email_Confirmed               bit                =    readonly
      Is_Admin                      bit                =
      Login                         nvarchar(64)       =~i  orderable
      Notes                         nvarchar(254)?     -
      Person_Id                     uniqueidentifier?  =i   -> Cm_Persons
      Phone_Number                  nvarchar(64)?      =~
      Time_Zone                     nvarchar(64)?      -
      User_Name                     nvarchar(254)      ~    as Name multilanguage
      User_Type                     char(3)            =~i  enum Systems.Security.UsersRepository.UserType
      Row_Version                   timestamp          -`,
  },
  {
    entity: 'Systems.Bpm.CustomProperties', type: 'CustomProperty', table: 'Gen_Properties',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Property_Id              uniqueidentifier  =<i  key as Id
      Entity_Name              nvarchar(64)      =    orderable
      Hint                     nvarchar(max)?    =~i  multilanguage
      Is_Active                bit               =
      Limit_To_Allowed_Values  bit               =
      Notes                    nvarchar(max)?    -
      Property_Code            nvarchar(40)      =~i  as Code orderable
      Property_Name            nvarchar(254)     ~    as Name multilanguage
      Property_Type            char(1)           -    enum Systems.Bpm.CustomPropertiesRepository.PropertyType
      Row_Version              timestamp         -`,
  },
  {
    entity: 'Systems.Bpm.PropertyValues', type: 'PropertyValue', table: 'Gen_Property_Values',
    category: 'Definitions',
    display: '{Id}: {EntityItemId}',
    columns: `
      Property_Value_Id  uniqueidentifier   =<i  key as Id
      Description        nvarchar(254)?     -    multilanguage
      Entity_Item_Id     uniqueidentifier   =i
      Picture            varbinary?         -
      Property_Id        uniqueidentifier   =i   -> Gen_Properties
      Property_Value     nvarchar(254)?     =    as PropertyValueField
      Value_Id           uniqueidentifier?  =i
      Row_Version        timestamp          -`,
  },
  {
    entity: 'Systems.Monitoring.TableInfo', type: 'TableInfoEntry', table: 'Dmv_Table_Info',
    category: 'DynamicViews', view: true,
    display: '{TableName}: {SizeMB}',
    columns: `
      Row_Count   bigint         =<   orderable
      Size_MB     decimal(12,3)  =<   orderable
      Table_Name  nvarchar(128)  =~   orderable`,
  },
  {
    entity: 'Systems.Monitoring.AppsPerformance', type: 'AppsPerformanceEntry', table: 'Dmv_Apps_Performance',
    category: 'DynamicViews', view: true,
    display: '{Application}: {Requests}',
    columns: `
      Application               nvarchar(64)  =<
      Busy_Time_Hours_Per_Day   float         <
      Busy_Time_Percentage      float         <
      Requests                  float         =~
      Statistics_Since          datetime      <`,
  },
]
