/** Units of an offset as REST Client has them. */
const UNITS = {
  y: (date: Date, n: number) => addMonths(date, 12 * n),
  Q: (date: Date, n: number) => addMonths(date, 3 * n),
  M: (date: Date, n: number) => addMonths(date, n),
  w: (date: Date, n: number) => date.setUTCDate(date.getUTCDate() + 7 * n),
  d: (date: Date, n: number) => date.setUTCDate(date.getUTCDate() + n),
  h: (date: Date, n: number) => date.setUTCHours(date.getUTCHours() + n),
  m: (date: Date, n: number) => date.setUTCMinutes(date.getUTCMinutes() + n),
  s: (date: Date, n: number) => date.setUTCSeconds(date.getUTCSeconds() + n),
  ms: (date: Date, n: number) => date.setUTCMilliseconds(date.getUTCMilliseconds() + n),
} satisfies Record<string, (date: Date, n: number) => number>

/** The same day of another month, or its last one. */
function addMonths(date: Date, n: number): number {
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + n, 1)
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  return date.setUTCDate(Math.min(day, daysInMonth))
}

const FORM = /^(iso8601|rfc1123|'[^']*'|"[^"]*")(?:\s+([+-]?\d+)\s*(ms|[yQMwdhms]))?$/
const PARTS = /YYYY|MM|DD|HH|mm|ss|SSS/g

/**
 * What stands behind `{{$datetime`: `iso8601 -1 d`, `rfc1123`, `'YYYY-MM-DD' 2 M`; all in UTC, as ERP.net's times are.
 * Undefined where it has another form, or leads out of the calendar.
 */
export function formatTime(text: string, now: Date): string | undefined {
  const [, form, offset, unit] = FORM.exec(text.trim()) ?? []
  if (form === undefined) return undefined
  const date = new Date(now)
  if (unit !== undefined) UNITS[unit as keyof typeof UNITS](date, Number(offset))
  if (Number.isNaN(date.getTime())) return undefined
  if (form === 'iso8601') return date.toISOString().replace(/\.\d+Z$/, 'Z')
  if (form === 'rfc1123') return date.toUTCString()
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', ms = ''] = date.toISOString().split(/[-T:.Z]/)
  const parts: Readonly<Record<string, string>> = { YYYY: year, MM: month, DD: day, HH: hour, mm: minute, ss: second, SSS: ms }
  return form.slice(1, -1).replace(PARTS, part => parts[part] ?? part)
}
