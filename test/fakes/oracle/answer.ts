import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'

import { type Batch, rowBytes } from '../../../src/core/execute/batch.ts'
import { Execution, type ExecuteOptions } from '../../../src/core/execute/execute.ts'
import { planQuery, type PlanOptions } from '../../../src/core/plan/planQuery.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { resolveCell } from '../../../src/core/query/resolve.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import type { ExactRow } from './sql.ts'
import type { Question } from './queries.ts'

/** Plans a query as the extension does. */
export async function planOf(text: string, options: PlanOptions): Promise<Plan> {
  const query = await resolveCell(parseCell(text), {
    variable: () => undefined,
    column: () => Promise.resolve(undefined),
    prompt: () => Promise.resolve(''),
    now: () => new Date(),
    guid: () => '',
  })
  assert.ok(query !== undefined)
  return planQuery(query, options)
}

/** Plans and runs it. */
export async function answer(text: string, options: PlanOptions & ExecuteOptions): Promise<{ plan: Plan; rows: ExactRow[]; execution: Execution }> {
  const plan = await planOf(text, options)
  // as it goes to the engine's worker
  const execution = new Execution(structuredClone(plan.run), options)
  const rows: ExactRow[] = []
  for await (const batch of execution.batches()) rows.push(...rowsOf(batch))
  return { plan, rows, execution }
}

/** Numbers as they are written. */
export function rowsOf(batch: Batch): ExactRow[] {
  return [...batch.ends.keys()].map(row => exactJson(new TextDecoder().decode(rowBytes(batch, row))) as ExactRow)
}

function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source ?? String(value) : value)
}

/** Asserts that the planned answer is SQLite's. @throws AssertionError with the query, its plan and what differs */
export async function judge(question: Question, oracle: DatabaseSync, options: PlanOptions & ExecuteOptions): Promise<Plan> {
  const statement = oracle.prepare(question.sql)
  statement.setReturnArrays(true)
  const all = (statement.all() as unknown as (string | number | null)[][]).map(row => row.map((value, index) => canonical(value, question, index)).join(' | '))
  const { skip, top = Infinity, isOrdered, isCounted } = question
  const { plan, rows, execution } = await answer(question.text, options)
  const found = rows.map(row => question.columns.map(({ name }, index) => canonical(valueAt(row, name), question, index)).join(' | '))
  const explain = (): string => [
    question.text, question.sql,
    ...plan.requests.map(({ url }) => decodeURIComponent(url)),
    ...plan.local.map(({ step, detail, reason }) => `  ${step} ${detail} (${reason})`),
  ].join('\n')
  const wanted = isOrdered ? all.slice(skip, skip + top) : all
  if (isOrdered) assert.deepEqual(found, wanted, explain())
  else if (skip === 0 && top === Infinity) assert.deepEqual([...found].sort(), [...wanted].sort(), explain())
  else {
    assert.equal(found.length, Math.max(0, Math.min(top, all.length - skip)), explain())
    assert.deepEqual(without(found, all), [], explain())
  }
  if (isCounted) assert.equal(execution.stats.count, all.length, explain())
  return plan
}

/** What is left of the rows when others are taken away, one by one. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1)
  return rows.filter(row => {
    const count = left.get(row) ?? 0
    left.set(row, count - 1)
    return count <= 0
  })
}

function valueAt(row: ExactRow, path: string): string | number | boolean | null {
  let value: unknown = row
  for (const step of path.split('/')) value = value === null ? null : (value as Record<string, unknown>)[step]
  return value as string | number | boolean | null
}

function canonical(value: string | number | boolean | null | undefined, { columns }: Question, index: number): string {
  if (value === null) return '∅'
  switch (columns[index]?.kind) {
    case 'decimal': return String(value).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
    case 'double': return String(Number(value))
    case 'boolean': return String(Number(value))
    default: return String(value)
  }
}
