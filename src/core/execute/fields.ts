/**
 * Whole rows as they came, and where in them the values lie that are needed: nothing is decoded.
 * The value of column `c` in row `r` is the JSON text `bytes[starts[r * width + c] … ends[r * width + c])`, with its
 * quotes if it is a string; both are 0 where the row hasn't got the column.
 */
export interface Fields {
  readonly bytes: Uint8Array
  readonly rows: number
  /** Columns that are looked for. */
  readonly width: number
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}
