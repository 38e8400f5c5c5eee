/** Line and column of an offset in a cell's query, both from 1. */
export type Place = (offset: number) => { readonly line: number; readonly column: number }

export function placesIn(text: string): Place {
  return offset => {
    const before = text.slice(0, offset).split(/\r\n|\r|\n/)
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}
