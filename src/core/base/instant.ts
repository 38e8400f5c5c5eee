/**
 * A point in time, or a length of time, to the picosecond (the most digits that OData has): milliseconds since 1970
 * (of a time of day: since midnight), and what is left in picoseconds, from 0 to 999,999,999.
 */
export interface Instant {
  readonly ms: number
  readonly rest: number
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/i
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?$/
const DURATION = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,12}))?S)?)?$/

/** Reads `2026-01-01`, `2026-01-01T10:20:30.5+02:00` (without a zone: UTC); undefined where it is no such date. */
export function parseDate(text: string): Instant | undefined {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = DATE.exec(text) ?? []
  if (year === '' || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  const minutes = Number(hour) * 60 + Number(minute) - zoneMinutes(zone)
  return instant(date.getTime() + (minutes * 60 + Number(second)) * 1000, fraction)
}

function zoneMinutes(zone: string): number {
  if (zone.length === 1) return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return zone.startsWith('-') ? -minutes : minutes
}

/** Reads `10:20:30.5` and `PT10H20M30.5S`; undefined where it is neither. */
export function parseTime(text: string): Instant | undefined {
  const [, hour, minute = '', second = '0', fraction = ''] = TIME.exec(text) ?? []
  if (hour !== undefined) {
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
    return instant(((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000, fraction)
  }
  const duration = DURATION.exec(text)
  if (duration === null || /[PT]$/.test(text)) return undefined
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', part = ''] = duration
  const length = instant((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000, part)
  return sign === '-' ? negated(length) : length
}

function instant(ms: number, fraction: string): Instant {
  const digits = fraction.padEnd(12, '0')
  return { ms: ms + Number(digits.slice(0, 3)), rest: Number(digits.slice(3)) }
}

function negated({ ms, rest }: Instant): Instant {
  return rest === 0 ? { ms: -ms, rest: 0 } : { ms: -ms - 1, rest: 1_000_000_000 - rest }
}

export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.rest - b.rest
}

/** `2026-01-01T00:00:00Z`, with as many digits of the second as it has. */
export function printDate(value: Instant): string {
  const [head = '', tail = ''] = new Date(value.ms).toISOString().split('.')
  return `${head}${fractionText(tail.slice(0, 3), value.rest)}Z`
}

/** `10:20:30`, of a time within a day. */
export function printTime(value: Instant): string {
  return printDate(value).slice(11, -1)
}

/** `-P1DT2H0.5S`, of a length of time. */
export function printDuration(value: Instant): string {
  const { ms, rest } = value.ms < 0 ? negated(value) : value
  const days = Math.floor(ms / DAY)
  const parts = printTime({ ms: ms % DAY, rest }).split(':')
  const time = parts.map((digits, index) => (Number(digits) === 0 ? '' : `${digits.replace(/^0/, '')}${'HMS'.charAt(index)}`)).join('')
  const text = `${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`
  return `${value.ms < 0 ? '-' : ''}P${text === '' ? 'T0S' : text}`
}

function fractionText(milliseconds: string, rest: number): string {
  const digits = `${milliseconds}${String(rest).padStart(9, '0')}`.replace(/0+$/, '')
  return digits === '' ? '' : `.${digits}`
}

const SECOND = 1000
const DAY = 86_400_000

/** Without what is beyond the second, or the day. */
export function startOfSecond({ ms }: Instant): Instant {
  return { ms: Math.floor(ms / SECOND) * SECOND, rest: 0 }
}

export function startOfDay({ ms }: Instant): Instant {
  return { ms: Math.floor(ms / DAY) * DAY, rest: 0 }
}

/** The first full second that is not before it. */
export function endOfSecond(value: Instant): Instant {
  const start = startOfSecond(value)
  return compareInstants(start, value) === 0 ? start : { ms: start.ms + SECOND, rest: 0 }
}

/** What has gone of its day. */
export function timeOfDay({ ms, rest }: Instant): Instant {
  return { ms: ms - startOfDay({ ms, rest }).ms, rest }
}
