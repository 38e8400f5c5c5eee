import type { EntitySource } from '../schema.ts'

/** Cases and the time that is spent on them. For the form of a line see `schema.ts`. */
export const PROJECTS: readonly EntitySource[] = [
  {
    entity: 'Projects.Agile.Cases', type: 'Case', table: 'Apm_Cases',
    category: 'Documents',
    display: '{Number}: {Title:T}',
    columns: `
      Case_Id               uniqueidentifier   =<i  key as Id
      Assigned_To_User_Id   uniqueidentifier?  =i   -> Sec_Users
      Case_Number           int                =~i  as Number
      Creation_Time_Utc     datetime           <
      Description           nvarchar(max)?     ~
      Due_Date              date?              <
      Due_Time              time?              <
      Estimated_Time_Hours  decimal(8,2)?      -
      Owner_User            uniqueidentifier   =i   -> Sec_Users
      Parent_Case_Id        uniqueidentifier?  =i   -> Apm_Cases
      Priority              tinyint            =    enum Projects.Agile.CasesRepository.Priority
      Stakeholder_Party_Id  uniqueidentifier?  =i   -> Gen_Parties
      Story_Points          int?               =<
      System_State          char(1)            =i   enum Projects.Agile.CasesRepository.SystemState
      Title                 nvarchar(128)      ~
      Row_Version           timestamp          -`,
  },
  {
    entity: 'Projects.Agile.TimeEntries', type: 'TimeEntry', table: 'Apm_Time_Entries',
    category: 'Views',
    display: '{Date:d} {StartTime:hh\\:mm} - {EndTime:hh\\:mm}',
    columns: `
      Time_Entry_Id  uniqueidentifier  =<i  key as Id
      Case_Id        uniqueidentifier  =i   -> Apm_Cases
      Date           date              =<
      End_Time       time?             =<
      Notes          nvarchar(max)?    ~
      Start_Time     time              =<
      User_Id        uniqueidentifier  =i   -> Sec_Users
      Row_Version    timestamp         -`,
  },
]
