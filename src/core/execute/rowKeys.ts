import type { Batch } from './batch.ts'
import { malformed } from './fieldMachine.ts'

/** The keys of a row in the order in which they came, without OData's annotations. Throws `unexpected-answer`. */
export function rowKeys({ bytes, ends }: Batch, index: number): string[] {
  const start = ends[index - 1] ?? 0
  const row = bytes.subarray(start, ends[index])
  try {
    return Object.keys(JSON.parse(new TextDecoder().decode(row)) as object).filter(key => !key.includes('@'))
  } catch {
    throw malformed(row, 0)
  }
}
