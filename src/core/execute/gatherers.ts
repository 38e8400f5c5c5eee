import { type Decimal, divide, parseDecimal, printDecimal, round, toDouble } from '../base/decimal.ts'
import type { CheckedAggregate } from '../query/checked.ts'
import type { ValueType } from '../query/types.ts'
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
      return held => new Extreme(type, better, held)
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
  readonly #type: ValueType
  readonly #compare: CompareValues
  readonly #held: Held
  #best: Value = null

  /** @param compare above zero where the first value is the better one */
  constructor(type: ValueType, compare: CompareValues, held: Held) {
    this.#type = type
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
    this.take(restore(saved as string | null, this.#type))
  }

  json(): string {
    return jsonOf(this.#best, this.#type)
  }
}

/** Of a text; others are small. */
function sizeOf(value: Value): number {
  return typeof value === 'string' ? 2 * value.length : 0
}

/** Exact, doubles too: they are added as the decimals that they print as, and rounded once. */
class Summer implements Gatherer {
  readonly #aggregate: CheckedAggregate
  readonly #all = new DecimalSum()

  constructor(aggregate: CheckedAggregate) {
    this.#aggregate = aggregate
  }

  take(value: Value): void {
    const number = typeof value === 'number' ? parseDecimal(String(value)) : value as Decimal | null
    if (number !== null && number !== undefined) this.#all.add(number)
  }

  takeAt(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#all.addAt(bytes, start, end)
  }

  save(): { sum: string | null, count: number } {
    const { value, count } = this.#all
    return { sum: value === undefined ? null : printDecimal(value), count }
  }

  merge(saved: unknown): void {
    const { sum, count } = saved as ReturnType<Summer['save']>
    const number = sum === null ? undefined : parseDecimal(sum)
    if (number !== undefined) this.#all.add(number, count)
  }

  json(): string {
    const { method, type, scale } = this.#aggregate
    const { value: sum, count } = this.#all
    if (sum === undefined) return 'null'
    const result = method === 'average' ? divide(sum, { units: BigInt(count), scale: 0 }, type === 'double' ? 30 : scale) : sum
    return type === 'double' ? String(toDouble(result)) : printDecimal(result.scale < scale ? round(result, scale) : result)
  }
}
