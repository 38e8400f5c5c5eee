/** `a + b` of two decimals, to the last digit. */
export function addDecimals(a: string, b: string): string {
  const scale = Math.max(scaleOf(a), scaleOf(b))
  return decimalText(digitsOf(a, scale) + digitsOf(b, scale), scale)
}

/** `a − b` of two decimals, to the last digit. */
export function subtractDecimals(a: string, b: string): string {
  const scale = Math.max(scaleOf(a), scaleOf(b))
  return decimalText(digitsOf(a, scale) - digitsOf(b, scale), scale)
}

function scaleOf(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function digitsOf(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - scaleOf(text)))
}

function decimalText(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const unsigned = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
  return digits < 0n ? `-${unsigned}` : unsigned
}
