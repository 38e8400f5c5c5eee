import type { Batch } from './batch.ts'
import { FieldMachine } from './fieldMachine.ts'
import type { Fields } from './fields.ts'

/**
 * Finds the values of some columns in whole rows, without decoding them. Keys may come in any order and with escapes;
 * unknown ones are passed over, of those that come twice in a row the last counts.
 */
export class FieldScanner {
  readonly #machine: FieldMachine

  /** @param columns the names that are looked for; `Fields` has them in this order */
  constructor(columns: readonly string[]) {
    this.#machine = new FieldMachine(columns)
  }

  /**
   * What it gives is good until the next call. Throws `unexpected-answer` (fact: reason) where a row is no JSON object;
   * what its values are is not checked.
   */
  scan(batch: Batch): Fields {
    this.#machine.find(batch)
    return this.#machine.fields(batch.bytes)
  }
}
