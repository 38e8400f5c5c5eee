/** A stream of numbers that looks random and is always the same for the same seed (mulberry32). Not for secrets. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 to 2³² - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + (this.next() % (most - least + 1))
  }

  /** True once in `times`, on average. */
  oneIn(times: number): boolean {
    return this.next() % times === 0
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.next() % items.length]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** A GUID in lower case, of version 4. */
  guid(): string {
    const a = hex(this.next())
    const b = hex(this.next())
    const c = hex(this.next())
    const variant = '89ab'.charAt(this.next() & 3)
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${hex(this.next())}`
  }
}

/** The two digits of each byte: a GUID is written faster so. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(number: number): string {
  const [a = '', b = '', c = '', d = ''] = [24, 16, 8, 0].map(shift => BYTES[(number >>> shift) & 0xff])
  return a + b + c + d
}
