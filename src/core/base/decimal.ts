/** An exact decimal number: `units / 10 ** scale`. The same number may have several forms: 1.0 is 10 with scale 1. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const FORM = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** Reads a number as JSON and OData write it; undefined where it is none (or INF and NaN, which have no digits). */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = FORM.exec(text) ?? []
  if (whole === undefined) return undefined
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  return withScale(units, fraction.length - Number(exponent))
}

/** A scale below zero (1E+2) is spelt out. */
function withScale(units: bigint, scale: number): Decimal {
  return scale < 0 ? { units: units * power(-scale), scale: 0 } : { units, scale }
}

/** All its digits, without an exponent; zeros at the end of the fraction stay. */
export function printDecimal({ units, scale }: Decimal): string {
  if (scale === 0) return String(units)
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** One text a number, whatever its form: for keys. */
export function canonicalDecimal(value: Decimal): string {
  const text = printDecimal(value)
  return text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y] = aligned(a, b)
  return { units: x + y, scale: Math.max(a.scale, b.scale) }
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b))
}

export function negate({ units, scale }: Decimal): Decimal {
  return { units: -units, scale }
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** With so many digits of fraction, rounded half away from zero; `b` is not zero. */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  const shift = scale + b.scale - a.scale
  return shift >= 0
    ? { units: quotient(a.units * power(shift), b.units), scale }
    : { units: quotient(a.units, b.units * power(-shift)), scale }
}

/** The whole part of the quotient, and what is left of `a`, with its sign. */
export function divideWhole(a: Decimal, b: Decimal): { whole: Decimal; rest: Decimal } {
  const [x, y] = aligned(a, b)
  return { whole: { units: x / y, scale: 0 }, rest: { units: x % y, scale: Math.max(a.scale, b.scale) } }
}

/** To so many digits of fraction, half away from zero. */
export function round({ units, scale }: Decimal, digits: number): Decimal {
  return scale <= digits
    ? { units: units * power(digits - scale), scale: digits }
    : { units: quotient(units, power(scale - digits)), scale: digits }
}

export function floor({ units, scale }: Decimal): Decimal {
  const unit = power(scale)
  const whole = units / unit
  return { units: units < 0n && whole * unit !== units ? whole - 1n : whole, scale: 0 }
}

export function ceiling(value: Decimal): Decimal {
  return negate(floor(negate(value)))
}

/** The nearest double. */
export function toDouble(value: Decimal): number {
  return Number(printDecimal(value))
}

/** Rounded half away from zero. */
function quotient(a: bigint, b: bigint): bigint {
  const whole = a / b
  const rest = a % b
  const twice = (rest < 0n ? -rest : rest) * 2n
  if (twice < (b < 0n ? -b : b)) return whole
  return whole + ((a < 0n) === (b < 0n) ? 1n : -1n)
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint] {
  if (a.scale === b.scale) return [a.units, b.units]
  return a.scale < b.scale
    ? [a.units * power(b.scale - a.scale), b.units]
    : [a.units, b.units * power(a.scale - b.scale)]
}

const POWERS: bigint[] = [1n]

function power(exponent: number): bigint {
  for (let last = POWERS.length; last <= exponent && last < 64; last++) POWERS.push((POWERS[last - 1] ?? 1n) * 10n)
  return POWERS[exponent] ?? 10n ** BigInt(exponent)
}
