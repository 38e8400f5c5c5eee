import type { Variable } from './cell.ts'

/** What a cell defines, and when. */
export interface Definitions {
  readonly variables: readonly Variable[]
  /** When the cell was last run or edited, in steps of a logical clock; 0 for not yet. */
  readonly touched: number
}

/**
 * The definition that holds for the cell at that index: of those in several cells the one that was run or edited last;
 * among untouched cells the nearest one, looking upwards first; within a cell the last one.
 *
 * @param cells in the order of the notebook
 */
export function findVariable(cells: readonly Definitions[], name: string, at: number): Variable | undefined {
  let best: { variable: Variable; touched: number; distance: number } | undefined
  for (const [index, { variables, touched }] of cells.entries()) {
    const variable = variables.findLast(candidate => candidate.name === name)
    if (variable === undefined) continue
    const distance = index <= at ? at - index : cells.length + index - at
    const isBetter = best === undefined || touched > best.touched || (touched === best.touched && distance < best.distance)
    if (isBetter) best = { variable, touched, distance }
  }
  return best?.variable
}
