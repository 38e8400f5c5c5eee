import type { Table, TableReference } from '../model/table.ts'
import type { CheckedColumn } from '../query/checked.ts'
import { valueType } from '../query/types.ts'
import type { Join } from './plan.ts'
import { allows } from './predicate.ts'

interface Draft {
  readonly parent: string
  readonly from: string
  readonly table: Table
  readonly columns: Set<string>
}

/** What is needed of the table itself and of those that its references lead to, gathered from all steps of a plan. */
export class Needs {
  readonly #table: Table
  readonly #tables: readonly Table[]
  readonly #columns = new Set<string>()
  readonly #joins = new Map<string, Draft>()

  constructor(table: Table, tables: readonly Table[]) {
    this.#table = table
    this.#tables = tables
  }

  /** Columns of the table itself. */
  get columns(): ReadonlySet<string> {
    return this.#columns
  }

  /** Notes columns, and gives the paths that must have been looked up for them, each after those that it begins with. */
  add(columns: readonly Pick<CheckedColumn, 'steps' | 'name'>[]): string[] {
    const paths = new Set<string>()
    for (const { steps, name } of columns) {
      const draft = this.#follow(steps, paths)
      if (draft === undefined) this.#columns.add(name)
      else draft.columns.add(name)
    }
    return [...paths]
  }

  #follow(steps: readonly string[], paths: Set<string>): Draft | undefined {
    let parent: Draft | undefined
    for (const [index, step] of steps.entries()) {
      const path = steps.slice(0, index + 1).join('/')
      paths.add(path)
      const draft: Draft = this.#joins.get(path) ?? this.#join(parent, steps.slice(0, index).join('/'), step)
      if (!this.#joins.has(path)) {
        if (parent === undefined) this.#columns.add(draft.from)
        else parent.columns.add(draft.from)
        this.#joins.set(path, draft)
      }
      parent = draft
    }
    return parent
  }

  #join(parent: Draft | undefined, parentPath: string, step: string): Draft {
    const owner = parent?.table ?? this.#table
    const reference = owner.references.find(({ name }) => name === step)
    const table = this.#tables.find(({ name }) => name === reference?.target)
    return {
      parent: parentPath,
      from: reference === undefined ? step : foreignKey(reference),
      table: table ?? { name: reference?.target ?? step, key: [], columns: [], references: [] },
      columns: new Set(),
    }
  }

  joins(): Join[] {
    return [...this.#joins].map(([path, { parent, from, table, columns }]): Join => {
      const owner = parent === '' ? this.#table : this.#joins.get(parent)?.table
      const key = keyFor(table, owner?.columns.find(({ name }) => name === from)?.type)
      const all = [...new Set([key, ...columns])]
      return {
        path, parent, from, key,
        table: table.name,
        keyType: table.columns.find(({ name }) => name === key)?.type ?? 'Edm.Guid',
        columns: all,
        takesAll: all.length >= table.columns.length,
        by: lookupBy(table, key),
      }
    })
  }
}

/** The first column where there are several; ERP.net's references have one. */
function foreignKey({ name, columns }: TableReference): string {
  return columns[0] ?? name.replace(/_Reference$/, '_Id')
}

/** The column whose values the reference holds: the key, or where that is of another type, `Id`. */
function keyFor({ key, columns }: Table, type: string | undefined): string {
  const first = columns.find(({ name }) => name === key[0])
  return first !== undefined && (type === undefined || first.type === type) ? first.name : 'Id'
}

function lookupBy(table: Table, key: string): Join['by'] {
  const column = table.columns.find(({ name }) => name === key)
  if (column === undefined) return 'in'
  const checked: CheckedColumn = {
    kind: 'column', steps: [], name: key, type: valueType(column.type), edm: column.type, nullable: false, reachable: true,
    ...(column.filters === undefined ? {} : { filters: column.filters }),
  }
  if (allows(checked, 'in')) return 'in'
  return allows(checked, 'eq') ? 'eq' : 'whole'
}
