import type { ShapeColumn } from '../plan/plan.ts'
import type { Batch } from './batch.ts'
import { JsonRows } from './jsonRows.ts'
import type { RowAccess } from './rowAccess.ts'
import type { Rows, Slot } from './rows.ts'

type Write = (out: JsonRows, rows: Rows, row: number) => void

const encoder = new TextEncoder()
const NULL = encoder.encode('null')
const CLOSE = encoder.encode('}')

/** Rows with just the members that are wanted, in their order; values are copied as they are. */
export async function* shaped(batches: AsyncIterable<Batch>, columns: readonly ShapeColumn[], access: RowAccess): AsyncGenerator<Batch> {
  const write = writeObject(columns, access)
  const out = new JsonRows()
  for await (const batch of batches) {
    const rows = await access.read(batch)
    for (let row = 0; row < batch.ends.length; row++) {
      write(out, rows, row)
      out.endRow()
    }
    const shapedBatch = out.take()
    if (shapedBatch !== undefined) yield shapedBatch
  }
}

function writeObject(columns: readonly ShapeColumn[], access: RowAccess): Write {
  const members = columns.map((column, index) => ({
    head: encoder.encode(`${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`),
    write: column.kind === 'value' ? writeSlot(access.slot({ steps: column.steps, name: column.from })) : writeNested(column, access),
  }))
  return (out, rows, row) => {
    if (members.length === 0) out.text('{')
    for (const { head, write } of members) {
      out.copy(head)
      write(out, rows, row)
    }
    out.copy(CLOSE)
  }
}

function writeNested({ join, columns }: Extract<ShapeColumn, { kind: 'object' }>, access: RowAccess): Write {
  const write = writeObject(columns, access)
  const at = join === undefined ? undefined : access.joinAt(join)
  return (out, rows, row) => {
    if (at !== undefined && rows.joined[at]?.[row] === undefined) out.copy(NULL)
    else write(out, rows, row)
  }
}

function writeSlot({ join, index }: Slot): Write {
  return (out, { fields, joined }, row) => {
    const source = join < 0 ? fields : joined[join]?.[row]
    const at = (join < 0 ? row * fields.width : 0) + index
    const [start, end] = [source?.starts[at] ?? 0, source?.ends[at] ?? 0]
    if (source === undefined || start === end) out.copy(NULL)
    else out.copy(source.bytes, start, end)
  }
}
