import type { Column, Schema, Table } from '../schema.ts'

/**
 * The tables of the trading company that a model from files has too, so that the company's rows fit them and their
 * keys stay unique: by name, with the names of the columns that those rows fill.
 */
export function sharedColumns(
  company: Schema, tables: ReadonlyMap<string, Table>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const shared = new Set([...company.tables.values()].flatMap(
    ({ name, columns }) => hasKeys(tables.get(name), columns) ? [name] : [],
  ))
  return new Map([...shared].map(name => {
    const known = new Map(company.tables.get(name)?.columns.map(column => [column.name, column]))
    const columns = tables.get(name)?.columns.filter(column => {
      const own = known.get(column.name)
      return own !== undefined && fits(own, column, shared)
    })
    return [name, new Set(columns?.map(column => column.name))]
  }))
}

/** The tables of a model, with those marked that grow with the company's rows (`replicas.ts`). */
export function growAs(company: Schema, tables: ReadonlyMap<string, Table>): ReadonlyMap<string, Table> {
  const shared = sharedColumns(company, tables)
  const grows = ({ name, columns }: Table) => company.tables.get(name)?.grows === true
    && columns.filter(({ key }) => key).some(column => shared.get(name)?.has(column.name))
  const growing = new Set([...tables.values()].filter(grows).map(({ name }) => name))
  return new Map([...tables].map(([name, table]) => {
    if (!growing.has(name)) return [name, table]
    const varying = new Map(company.tables.get(name)?.columns.map(column => [column.name, column.varies]))
    const columns = table.columns.map((column): Column => {
      const { reference } = column
      const varies = shared.get(name)?.has(column.name) ? varying.get(column.name) : undefined
      return varies === undefined || (reference && !growing.has(reference.table)) ? column : { ...column, varies }
    })
    return [name, { ...table, columns, grows: true }]
  }))
}

function hasKeys(table: Table | undefined, columns: readonly Column[]): boolean {
  const isKey = ({ name, type }: Column) =>
    table?.columns.some(column => column.key && column.name === name && column.type === type)
  return table !== undefined && columns.filter(({ key }) => key).every(isKey)
}

/** Whether a value of the company's column can stand in the model's. */
function fits(company: Column, model: Column, shared: ReadonlySet<string>): boolean {
  const target = model.reference?.table
  return company.type === model.type
    && (model.length === undefined || (company.length !== undefined && company.length <= model.length))
    && (target === undefined || (target === company.reference?.table && shared.has(target)))
}
