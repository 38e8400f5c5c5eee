import { type Batch, owned, sliceRows } from '../../core/execute/batch.ts'
import { RowScanner } from '../../core/execute/rowScanner.ts'
import type { AnswerEnd } from '../../core/execute/source.ts'
import type { Body, Pieces } from '../body.ts'

/** The rows of one answer. */
export interface RowAnswer {
  /** The next rows, good until it is asked again; undefined where the body has ended. Fails as a body, or as `RowScanner.push`. */
  readonly next: () => Promise<Batch | undefined>
  /** To be called when the body has ended. Throws as `RowScanner.end`. */
  readonly end: () => AnswerEnd
  /** Closes the socket, unless the body has ended. */
  readonly leave: () => void
}

/** What is made of so many bytes fits the processor's caches, and needs little memory. */
const BATCH_BYTES = 65_536

/** @param onBytes told of what comes */
export function rowAnswer(body: Body, onBytes: (bytes: number) => void): RowAnswer {
  const scanner = new RowScanner()
  let found: Batch | undefined
  let given = 0
  const rest = (): Batch | undefined => {
    if (found === undefined || given === found.ends.length) return undefined
    const from = given
    const rows = Math.ceil(found.ends.length / Math.ceil(found.bytes.length / BATCH_BYTES))
    given = Math.min(from + rows, found.ends.length)
    return sliceRows(found, from, given)
  }
  const scan = (pieces: Pieces): Batch | undefined => {
    for (const { length } of pieces) onBytes(length)
    found = scanner.push(...pieces)
    given = 0
    return rest()
  }
  return {
    next: () => {
      const batch = rest()
      return batch === undefined ? body.read(scan) : Promise.resolve(batch)
    },
    end: () => {
      scanner.end()
      return { nextLink: scanner.nextLink, count: scanner.count }
    },
    leave: () => body.leave(),
  }
}

/** So much of an answer is held until all of it is there. */
const MOST_HELD_BYTES = 8_000_000

/** Reads the whole answer before it gives its rows; one that is large streams after all. Fails as the answer does. */
export async function wholeAnswer(answer: RowAnswer): Promise<RowAnswer> {
  const held: Batch[] = []
  for (let bytes = 0; bytes < MOST_HELD_BYTES;) {
    const batch = await answer.next()
    if (batch === undefined) {
      answer.end()
      break
    }
    held.push(owned(batch))
    bytes += batch.bytes.length
  }
  return { ...answer, next: () => held.length > 0 ? Promise.resolve(held.shift()) : answer.next() }
}
