import type { EntitySource } from '../schema.ts'

/** Documents of every kind and their types. For the form of a line see `schema.ts`. */
export const DOCUMENTS: readonly EntitySource[] = [
  {
    entity: 'General.Documents.Documents', type: 'Document', table: 'Gen_Documents',
    category: 'Definitions',
    display: '{DocumentType.TypeName:T} {DocumentNo}{StateTagsAttribute}',
    columns: `
      Id                              uniqueidentifier   =<i  key as DocumentId
      Assigned_To_User_Id             uniqueidentifier?  =i   -> Sec_Users
      Complete_Time                   datetime?          <    readonly
      Creation_Time                   datetime           <    readonly
      Creation_User                   nvarchar(64)       ~    readonly
      Currency_Directory_Id           uniqueidentifier?  =i   -> Gen_Currency_Directories
      Document_Date                   date               =<   orderable
      Document_No                     nvarchar(20)       =~   orderable
      Document_Type_Id                uniqueidentifier   =i   -> Gen_Document_Types
      Document_Version                int                =<   readonly obsolete
      Enterprise_Company_Id           uniqueidentifier   =i   -> Gen_Enterprise_Companies
      Enterprise_Company_Location_Id  uniqueidentifier   =i   -> Cm_Company_Locations
      Entity_Name                     nvarchar(64)       =    orderable readonly
      From_Company_Division_Id        uniqueidentifier?  =i   -> Cm_Company_Divisions
      From_Party_Id                   uniqueidentifier   =i   -> Gen_Parties
      Master_Document_Id              uniqueidentifier   =i   -> Gen_Documents
      Notes                           nvarchar(max)?     -    as DocumentNotes
      Parent_Document_Id              uniqueidentifier?  =i   -> Gen_Documents as Parent
      Read_Only                       bit                -    readonly
      Reference_Date                  datetime?          <
      Reference_Document_No           nvarchar(20)?      =~
      Release_Time                    datetime?          <    readonly
      Responsible_Person_Id           uniqueidentifier?  =i   -> Cm_Persons
      State                           smallint           =<i  enum General.Documents.DocumentState readonly
      To_Company_Division_Id          uniqueidentifier?  =i   -> Cm_Company_Divisions
      To_Party_Id                     uniqueidentifier?  =i   -> Gen_Parties
      User_Status_Id                  uniqueidentifier?  =i   -> Gen_Document_Type_User_Statuses
      Void                            bit                =    readonly
      Void_Reason                     nvarchar(254)?     -    readonly
      Void_Time                       datetime?          <    readonly
      Row_Version                     timestamp          -`,
  },
  {
    entity: 'Systems.Documents.DocumentTypes', type: 'DocumentType', table: 'Gen_Document_Types',
    category: 'Settings',
    display: '{TypeName:T}',
    columns: `
      Id                     uniqueidentifier  =<i  key
      Code                   nvarchar(16)      =~   orderable
      Create_Manully         bit               =
      Description            nvarchar(max)?    -    multilanguage
      Entity_Name            nvarchar(64)      =i   orderable
      Notes                  nvarchar(254)?    -
      Transitional_Document  bit               -
      Type_Name              nvarchar(254)     ~    multilanguage
      Row_Version            timestamp         -`,
  },
  {
    entity: 'Systems.Documents.DocumentTypeUserStatuses', type: 'DocumentTypeUserStatus', table: 'Gen_Document_Type_User_Statuses',
    category: 'Definitions',
    display: '{UserStatusName:T}',
    columns: `
      User_Status_Id    uniqueidentifier  =<i  key as Id
      Document_Type_Id  uniqueidentifier  =i   => Gen_Document_Types.UserStatuses
      Active            bit               =
      Display_Order     int               <
      Instructions      nvarchar(max)?    -    multilanguage
      Is_Exit_Status    bit               =
      State             smallint          =    enum General.Documents.DocumentState
      User_Status_Name  nvarchar(128)     =~   multilanguage
      Row_Version       timestamp         -`,
  },
  {
    entity: 'General.Documents.DocumentComments', type: 'DocumentComment', table: 'Gen_Document_Comments',
    category: 'Definitions',
    display: '{Id}. {Document.DocumentNo} {Document.DocumentType.TypeName:T}',
    columns: `
      Document_Comment_Id  uniqueidentifier   =<i  key as Id
      Document_Id          uniqueidentifier   =i   => Gen_Documents.Comments
      Assign_To_User_Id    uniqueidentifier?  =i   -> Sec_Users
      Comment              nvarchar(254)      -
      Comment_Timestamp    datetime           <
      User_Id              uniqueidentifier   =i   -> Sec_Users
      Row_Version          timestamp          -`,
  },
]
