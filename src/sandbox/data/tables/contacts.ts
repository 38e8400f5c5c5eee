import type { EntitySource } from '../schema.ts'

/** Parties: companies, their places and people, and how to reach them. For the form of a line see `schema.ts`. */
export const CONTACTS: readonly EntitySource[] = [
  {
    entity: 'General.Contacts.Parties', type: 'Party', table: 'Gen_Parties',
    category: 'Definitions',
    display: '{PartyName:T}',
    columns: `
      Id                                uniqueidentifier   =<i  key as PartyId
      Area_Id                           uniqueidentifier?  =i   -> Gen_Areas
      Creation_Time                     datetime?          <    as PartyCreationTime readonly
      Creation_User                     nvarchar(64)?      ~    as PartyCreationUser readonly
      Default_Product_Coding_System_Id  uniqueidentifier?  =i   -> Gen_Coding_Systems
      GLN                               nvarchar(13)?      =i   orderable
      Is_Active                         bit                =
      Notes                             nvarchar(254)?     -    as PartyNotes
      Parent_Party_Id                   uniqueidentifier?  =i   -> Gen_Parties
      Party_Code                        nvarchar(16)       =~i  orderable readonly
      Party_Name                        nvarchar(254)      =~   multilanguage readonly
      Party_Type                        char(1)            =i   enum General.Contacts.PartiesRepository.PartyType
      Party_Unique_Number               nvarchar(16)?      =~   readonly
      Update_Time                       datetime?          <    as PartyUpdateTime readonly
      Update_User                       nvarchar(64)?      ~    as PartyUpdateUser readonly
      Row_Version                       timestamp          -`,
  },
  {
    entity: 'General.Contacts.Persons', type: 'Person', table: 'Cm_Persons',
    category: 'Definitions', extends: 'General.Contacts.Parties',
    display: '{PartyName:T}',
    columns: `
      Person_Id        uniqueidentifier   =<i  key as Id
      Party_Id         uniqueidentifier   =i   => Gen_Parties
      Birth_Date       datetime?          <
      City             nvarchar(64)?      ~    multilanguage
      Creation_Time    datetime?          <    readonly
      Creation_User    nvarchar(64)?      ~    readonly
      First_Name       nvarchar(64)?      =~   multilanguage
      Gender           char(1)?           =    enum General.Contacts.PersonsRepository.Gender
      Last_Name        nvarchar(64)?      =~   multilanguage
      Middle_Name      nvarchar(64)?      =~   multilanguage
      National_Number  nvarchar(16)?      =~
      Nationality      uniqueidentifier?  =i   -> Gen_Countries
      Notes            nvarchar(254)?     -
      Title            nvarchar(32)?      -    multilanguage
      Update_Time      datetime?          <    readonly
      Update_User      nvarchar(64)?      ~    readonly
      Row_Version      timestamp          -`,
  },
  {
    entity: 'General.Contacts.Companies', type: 'Company', table: 'Cm_Companies',
    category: 'Definitions', extends: 'General.Contacts.Parties',
    display: '{PartyName:T}',
    columns: `
      Company_Id                          uniqueidentifier   =<i  key as Id
      Party_Id                            uniqueidentifier   =i   => Gen_Parties
      City                                nvarchar(64)?      ~    multilanguage
      Company_Name                        nvarchar(254)?     =~   as Name multilanguage
      Country_Id                          uniqueidentifier?  =i   -> Gen_Countries
      Creation_Time                       datetime?          <    readonly
      Creation_User                       nvarchar(64)?      ~    readonly
      Is_VAT_Registered                   bit                -
      Registration_Number                 nvarchar(16)?      =~   orderable
      Registration_Primary_Address        nvarchar(254)?     ~    multilanguage
      Registration_Responsible_Person_Id  uniqueidentifier?  =i   -> Cm_Persons
      Registration_Type                   nvarchar(16)?      =    multilanguage
      Registration_VAT_Number             nvarchar(16)?      =~   orderable
      Responsible_Person_Name             nvarchar(64)?      ~    multilanguage
      Update_Time                         datetime?          <    readonly
      Update_User                         nvarchar(64)?      ~    readonly
      Row_Version                         timestamp          -`,
  },
  {
    entity: 'General.Contacts.CompanyLocations', type: 'CompanyLocation', table: 'Cm_Company_Locations',
    category: 'Definitions', extends: 'General.Contacts.Parties',
    display: '{PartyName:T}',
    columns: `
      Company_Location_Id  uniqueidentifier  =<i  key as Id
      Party_Id             uniqueidentifier  =i   => Gen_Parties
      Bill_To              char(1)?          -    enum General.Contacts.CompanyLocationsRepository.BillTo
      Company_Id           uniqueidentifier  =i   -> Cm_Companies
      Location_Name        nvarchar(254)     =~   multilanguage
      Working_Time         nvarchar(254)?    -
      Row_Version          timestamp         -`,
  },
  {
    entity: 'General.Contacts.CompanyDivisions', type: 'CompanyDivision', table: 'Cm_Company_Divisions',
    category: 'Definitions', extends: 'General.Contacts.Parties',
    display: '{PartyName:T}',
    columns: `
      Company_Division_Id    uniqueidentifier  =<i  key as Id
      Party_Id               uniqueidentifier  =i   => Gen_Parties
      Company_Division_Code  nvarchar(10)      =~   as Code
      Company_Division_Name  nvarchar(254)     =~   as Name multilanguage
      Company_Id             uniqueidentifier  =i   -> Cm_Companies
      Row_Version            timestamp         -`,
  },
  {
    entity: 'General.Contacts.CompanyEmployees', type: 'CompanyEmployee', table: 'Cm_Company_Employees',
    category: 'Definitions',
    display: '{Person.PartyName:T}',
    columns: `
      Company_Employee_Id  uniqueidentifier  =<i  key as Id
      Person_Id            uniqueidentifier  =i   => Cm_Persons.CompanyEmployees
      Company_Id           uniqueidentifier  =i   -> Cm_Companies
      Contract_Code        nvarchar(16)?     =~   orderable
      Contract_End_Date    datetime?         <
      Contract_Start_Date  datetime?         <
      Is_Active            bit               =
      Notes                nvarchar(254)?    -
      Row_Version          timestamp         -`,
  },
  {
    entity: 'General.Contacts.ContactMechanisms', type: 'ContactMechanism', table: 'Cm_Contact_Mechanisms',
    category: 'Definitions',
    display: '{Name}',
    columns: `
      Id                      uniqueidentifier  =<i  key
      Contact_Mechanism_Name  nvarchar(254)     =~   as Name
      Contact_Mechanism_Type  char(1)           =i   enum General.Contacts.ContactMechanismsRepository.ContactMechanismType
      Row_Version             timestamp         -`,
  },
  {
    entity: 'General.Contacts.PartyContactMechanisms', type: 'PartyContactMechanism', table: 'Cm_Party_Contact_Mechanisms',
    category: 'Definitions', extends: 'General.Contacts.ContactMechanisms',
    display: '{ContactMechanismType}: {Name}',
    columns: `
      Id                    uniqueidentifier  =<i  key
      Party_Id              uniqueidentifier  =i   => Gen_Parties.ContactMechanisms
      Contact_Mechanism_Id  uniqueidentifier  =i   ~> Cm_Contact_Mechanisms
      From_Date             datetime?         =<
      Is_Active             bit               =
      Is_Default            bit               =
      Line_Ord              int               -
      Non_Solicitation      bit               =
      Notes                 nvarchar(254)?    -
      Thru_Date             datetime?         =<
      Row_Version           timestamp         -`,
  },
  {
    entity: 'General.Geography.Countries', type: 'Country', table: 'Gen_Countries',
    category: 'Settings',
    display: '{Name:T}',
    columns: `
      Country_Id      uniqueidentifier  =<i  key as Id
      Code            nvarchar(2)       =~   orderable
      Country_Name    nvarchar(254)     ~    as Name multilanguage
      Intrastat_Code  nvarchar(2)?      -
      Row_Version     timestamp         -`,
  },
  {
    entity: 'General.Geography.Areas', type: 'Area', table: 'Gen_Areas',
    category: 'Definitions',
    display: '{Name:T}',
    columns: `
      Area_Id         uniqueidentifier   =<i  key as Id
      Area_Code       nvarchar(16)       =~   as Code orderable
      Area_Name       nvarchar(254)      =~   as Name multilanguage
      Full_Path       nvarchar(254)?     =~   readonly
      Parent_Area_Id  uniqueidentifier?  =i   -> Gen_Areas as Parent
      Row_Version     timestamp          -`,
  },
]
