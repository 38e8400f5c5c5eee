import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const out = fileURLToPath(new URL('../../out/', import.meta.url))

/** One measured number beside a peer that was measured in the same run. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it is compared with. */
  readonly peer: string
  /** `value` by the peer's value. */
  readonly ratio: number
  /** What `value` or `ratio` may not pass, as `Measured.bound` says; null where there is no bound. */
  readonly bound: number | null
  readonly ok: boolean
}

/** What was measured, the ratio and the verdict still to be made. */
export interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly peer: { readonly name: string, readonly value: number }
  /** The most that `value` may be, in its unit; or the most or the least that `ratio` may be. */
  readonly bound?: number | { readonly ratioAtMost: number } | { readonly ratioAtLeast: number }
}

/** Prints a benchmark's figures as a table and writes them to `out/bench-NAME.json`; a broken bound becomes the exit code. */
export function report(bench: string, measured: readonly Measured[]): void {
  const figures = measured.map(({ name, value, unit, peer, bound }): Figure => ({
    name,
    value: round(value),
    unit,
    peer: peer.name,
    ratio: round(value / peer.value),
    ...judged(value, value / peer.value, bound),
  }))
  console.table(figures)
  mkdirSync(out, { recursive: true })
  writeFileSync(`${out}bench-${bench}.json`, JSON.stringify(figures, null, 2) + '\n')
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1
}

function judged(value: number, ratio: number, bound: Measured['bound']): Pick<Figure, 'bound' | 'ok'> {
  if (bound === undefined) return { bound: null, ok: true }
  if (typeof bound === 'number') return { bound, ok: value <= bound }
  return 'ratioAtMost' in bound
    ? { bound: bound.ratioAtMost, ok: ratio <= bound.ratioAtMost }
    : { bound: bound.ratioAtLeast, ok: ratio >= bound.ratioAtLeast }
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN
  return (lower + upper) / 2
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
