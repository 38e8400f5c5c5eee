import type { Table } from '../model/table.ts'
import type { Expansion, Path } from '../query/expression.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import type { MadeScope, TableScope } from '../query/tableScope.ts'
import { ErpError } from '../base/errors.ts'
import type { Needs } from './joins.ts'
import type { OutputColumn, ShapeColumn } from './plan.ts'

/** The shape of the rows that go out. */
export interface Output {
  readonly columns: readonly OutputColumn[]
  readonly shape: readonly ShapeColumn[]
  readonly joins: readonly string[]
  /** The server's rows go out as they are where exactly these columns come: all of the table's, or these. */
  readonly plain?: 'all' | readonly string[]
  /** Are all columns of the table needed? */
  readonly takesAll: boolean
}

/** A member that goes out, by what it is called, with its type. */
interface Member {
  readonly column: OutputColumn
  readonly shape: ShapeColumn
}

/** Columns of the table, and what its references lead to. A path in `$select` is short for an expansion. */
export function tableOutput({ select, expand = [] }: ResolvedQuery, scope: TableScope, needs: Needs): Output {
  const joins = new Set<string>()
  const members = readMembers({ select, expand }, scope, scope.table, [], (steps, name) => {
    for (const path of needs.add([{ steps, name }])) joins.add(path)
  })
  const isFlat = members.every(({ shape }) => shape.kind === 'value')
  return {
    columns: members.map(({ column }) => column),
    shape: members.map(({ shape }) => shape),
    joins: [...joins],
    takesAll: select === undefined,
    ...(isFlat ? { plain: select === undefined ? 'all' : members.map(({ column }) => column.name) } : {}),
  }
}

interface Selection {
  readonly select: readonly Path[] | undefined
  readonly expand: readonly Expansion[]
}

function readMembers(
  { select, expand }: Selection, scope: TableScope, table: Table, steps: readonly string[], note: (steps: readonly string[], name: string) => void,
): Member[] {
  const here = select?.filter(path => path.steps.length === 1)
  const values = new Set(here?.map(path => scope.columnOf(table, path)) ?? table.columns)
  const beyond = select?.filter(path => path.steps.length > 1).map(asExpansion) ?? []
  const members = [...values].map(({ name, type }): Member => {
    note(steps, name)
    return { column: { name, type }, shape: { kind: 'value', name, from: name, steps } }
  })
  const nameOf = ({ path }: Expansion): string => scope.follow(table, path.steps[0] ?? '', path).reference.name
  return [...members, ...merged([...expand, ...beyond], nameOf).map((expansion): Member => {
    const [step = ''] = expansion.path.steps
    const { reference, target } = scope.follow(table, step, expansion.path)
    const path = [...steps, reference.name]
    const inner = readMembers(expansion, scope, target, path, note)
    return {
      column: { name: reference.name, type: `Erp.${target.name}`, columns: inner.map(({ column }) => column) },
      shape: { kind: 'object', name: reference.name, join: path.join('/'), columns: inner.map(({ shape }) => shape) },
    }
  })]
}

/** `A_Reference/B` is `A_Reference($select=B)`. */
function asExpansion(path: Path): Expansion {
  const [first = '', ...rest] = path.steps
  return { path: { ...path, steps: [first] }, select: [{ ...path, steps: rest }], expand: [] }
}

/** Expansions of one reference are one, by whichever of its names they are written. */
function merged(expansions: readonly Expansion[], nameOf: (expansion: Expansion) => string): (Selection & Pick<Expansion, 'path'>)[] {
  const byName = new Map<string, Selection & Pick<Expansion, 'path'>>()
  for (const expansion of expansions) {
    const { path, select, expand } = expansion
    const name = nameOf(expansion)
    const known = byName.get(name)
    const isAll = select === undefined || (known !== undefined && known.select === undefined)
    const both = isAll ? undefined : [...known?.select ?? [], ...select]
    byName.set(name, { path, select: both, expand: [...known?.expand ?? [], ...expand] })
  }
  return [...byName.values()]
}

/** What `$apply` has made; keys that are paths become nested again. */
export function madeOutput({ select, expand }: ResolvedQuery, scope: MadeScope): Output {
  if (expand !== undefined) throw new ErpError('query-option', { option: '$expand' })
  const columns = select === undefined ? scope.columns : select.map(path => scope.column(path))
  const members = nested(columns.map(({ name, edm }) => ({ steps: name.split('/'), name, edm })))
  return {
    columns: members.map(({ column }) => column),
    shape: members.map(({ shape }) => shape),
    joins: [],
    takesAll: false,
    ...(select === undefined && members.every(({ shape }) => shape.kind === 'value') ? { plain: 'all' } : {}),
  }
}

interface Leaf {
  readonly steps: readonly string[]
  readonly name: string
  readonly edm: string
}

function nested(leaves: readonly Leaf[]): Member[] {
  const groups = Map.groupBy(leaves, ({ steps }) => steps[0] ?? '')
  return [...groups].map(([name, members]): Member => {
    const [only] = members
    if (only?.steps.length === 1) {
      return { column: { name, type: only.edm }, shape: { kind: 'value', name, from: only.name, steps: [] } }
    }
    const inner = nested(members.map(leaf => ({ ...leaf, steps: leaf.steps.slice(1) })))
    return {
      column: { name, type: 'Edm.ComplexType', columns: inner.map(({ column }) => column) },
      shape: { kind: 'object', name, columns: inner.map(({ shape }) => shape) },
    }
  })
}
