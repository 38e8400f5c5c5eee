/** The options of a query; the Table API itself knows `$select`, `$filter` and `$top` (protocol sheet, section 4). */
export const OPTIONS = ['$select', '$filter', '$top', '$orderby', '$skip', '$count', '$expand', '$apply'] as const
/** Of `$top` and `$skip` (protocol sheet, section 4). */
export const LARGEST_TOP = 2_147_483_647
/** What the Domain API alone understands (protocol sheet, section 3, "Query options"); sent as it is written. */
export const SERVER_OPTIONS = ['$search', 'expandgroup', 'options'] as const
