import { type Decimal, divide, parseDecimal, printDecimal, round, toDouble } from '../base/decimal.ts'
import type { CheckedAggregate } from '../query/checked.ts'
import { DecimalSum } from './decimalSum.ts'
import type { Gathered, Held } from './groups.ts'
import { type CompareValues, comparerOf, keyOf, restore, save, type Value } from './values.ts'
import { jsonOf } from './writeValue.ts'

/** What one aggregate gathers of one group; its result as JSON. There may be millions of them. */
export interface Gatherer extends Gathered {
  take(value: Value): void
  /** Takes a number where it lies; false where it has to be decoded. */
  takeAt?(bytes: Uint8Array, start: number, end: number): boolean
  json(): string
}

/**
 * What makes the gatherers of an aggregate, one a group. Nulls count for nothing but `$count`; of nothing there is no
 * sum, least, most or average: null.
 */
export function gathererOf(aggregate: CheckedAggregate): (held: Held) => Gatherer {
  const { method, type } = aggregate
  switch (method) {
    case 'count': return () => new Counter()
    case 'countdistinct': return held => new DistinctCounter(aggregate, held)
    case 'sum': case 'average': return () => new Summer(aggregate)
    case 'min': case 'max': {
      const compare = comparerOf(type)
      const better: CompareValues = method === 'min' ? (a, b) => compare(b, a) : compare
      return held => new Extreme(aggregate, better, held)
    }
  }
}

class Counter implements Gatherer {
  #count = 0

  take(): void {
    this.#count++
  }

  save(): number {
    return this.#count
  }

  merge(saved: unknown): void {
    this.#count += saved as number
  }

  json(): string {
    return String(this.#count)
  }
}

/** What a value costs that was seen, beside its characters. */
const SEEN_BYTES = 60

/** Null isn't counted. */
class DistinctCounter implements Gatherer {
  readonly seen = new Set<string>()
  readonly #aggregate: CheckedAggregate
  readonly #held: Held
  #counted = 0

  constructor(aggregate: CheckedAggregate, held: Held) {
    this.#aggregate = aggregate
    this.#held = held
  }

  take(value: Value): void {
    if (value === null) return
    const [key, size] = [keyOf(value, this.#aggregate.of?.type ?? 'text'), this.seen.size]
    if (this.seen.add(key).size > size) this.#held.bytes += SEEN_BYTES + key.length
  }

  /** What was seen is saved apart. */
  save(): null {
    return null
  }

  merge(): void {
    // what was seen is added by `addSeen`
  }

  addSeen(count: number): void {
    this.#counted += count
  }

  json(): string {
    return String(this.#counted + this.seen.size)
  }
}

class Extreme implements Gatherer {
  readonly #aggregate: CheckedAggregate
  readonly #compare: CompareValues
  readonly #held: Held
  #best: Value = null

  /** @param compare above zero where the first value is the better one */
  constructor(aggregate: CheckedAggregate, compare: CompareValues, held: Held) {
    this.#aggregate = aggregate
    this.#compare = compare
    this.#held = held
  }

  take(value: Value): void {
    if (value === null || (this.#best !== null && this.#compare(value, this.#best) <= 0)) return
    this.#held.bytes += sizeOf(value) - sizeOf(this.#best)
    this.#best = value
  }

  save(): string | null {
    return save(this.#best)
  }

  merge(saved: unknown): void {
    this.take(restore(saved as string | null, this.#aggregate.type))
  }

  json(): string {
    return jsonOf(this.#best, this.#aggregate)
  }
}

/** Of a text; others are small. */
function sizeOf(value: Value): number {
  return typeof value === 'string' ? 2 * value.length : 0
}

/** Digits that the quotient of an average of doubles has beyond those of the sum: enough for the nearest double. */
const AVERAGE_DIGITS = 40

/** Exact, doubles too: they are added as the decimals that they print as, and rounded once. */
class Summer implements Gatherer {
  readonly #aggregate: CheckedAggregate
  readonly #all = new DecimalSum()
  /** The sum of what has no digits: INF, -INF, NaN. */
  #endless: number | undefined

  constructor(aggregate: CheckedAggregate) {
    this.#aggregate = aggregate
  }

  take(value: Value): void {
    if (typeof value !== 'number') {
      if (value !== null) this.#all.add(value as Decimal)
      return
    }
    const number = parseDecimal(String(value))
    if (number === undefined) this.#endless = (this.#endless ?? 0) + value
    else this.#all.add(number)
  }

  takeAt(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#all.addAt(bytes, start, end)
  }

  save(): { sum: string | null, count: number, endless?: string } {
    const { value, count } = this.#all
    const sum = value === undefined ? null : printDecimal(value)
    return this.#endless === undefined ? { sum, count } : { sum, count, endless: String(this.#endless) }
  }

  merge(saved: unknown): void {
    const { sum, count, endless } = saved as ReturnType<Summer['save']>
    const number = sum === null ? undefined : parseDecimal(sum)
    if (number !== undefined) this.#all.add(number, count)
    if (endless !== undefined) this.take(Number(endless))
  }

  json(): string {
    const { method, type, scale } = this.#aggregate
    const { value: sum, count } = this.#all
    if (this.#endless !== undefined) return jsonOf(this.#endless, this.#aggregate)
    if (sum === undefined) return 'null'
    const digits = type === 'double' ? sum.scale + AVERAGE_DIGITS : scale
    const result = method === 'average' ? divide(sum, { units: BigInt(count), scale: 0 }, digits) : sum
    if (type === 'double') return jsonOf(toDouble(result), this.#aggregate)
    return printDecimal(result.scale < scale ? round(result, scale) : result)
  }
}
