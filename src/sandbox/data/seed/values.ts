import type { Value } from '../database.ts'
import type { Random } from '../random.ts'
import type { Column, EnumMember } from '../schema.ts'
import { day, DAYS, languages, moment } from './seeder.ts'

/** Makes the value of a column for the row of a number; never null, and never longer than the column. */
export type ValueMaker = (random: Random, row: number) => Value

/** Values for a column that is no reference, from its type, its name, and what is told of it. */
export function valueMaker(column: Column, enums: ReadonlyMap<string, readonly EnumMember[]>): ValueMaker {
  const codes = codesOf(column, enums)
  const plain = codes.length > 0 ? (random: Random) => random.pick(codes) : byType(column)
  const usual = defaultOf(column)
  return usual === undefined || codes.length > 0 ? plain : (random, row) => random.oneIn(3) ? usual : plain(random, row)
}

/** A key that is another one in each row; a GUID, or made of the row's number, as far as there are enough codes. */
export function keyMaker(column: Column, enums: ReadonlyMap<string, readonly EnumMember[]>): ValueMaker {
  const codes = codesOf(column, enums)
  if (codes.length > 0) return (_random, row) => codes[row % codes.length] ?? null
  switch (column.type) {
    case 'uniqueidentifier': return random => random.guid()
    case 'date': case 'datetime': return (_random, row) => day(row)
    case 'nvarchar': case 'char': return (_random, row) => cut(column, `${words(column.name)} `, String(row + 1))
    case 'decimal': return (_random, row) => decimal(column, row + 1)
    case 'time': return (_random, row) => clock(row * 60)
    case 'bit': return (_random, row) => row % 2
    case 'varbinary': case 'timestamp': return (_random, row) => base64(row)
    default: return (_random, row) => row + 1
  }
}

/** The documented codes: those of the enumeration, or those that the column allows. */
function codesOf(
  { type, enum: enumeration, allowed, length }: Column, enums: ReadonlyMap<string, readonly EnumMember[]>,
): readonly Value[] {
  const members = enumeration === undefined ? undefined : enums.get(enumeration)
  const codes = allowed !== undefined && allowed.length > 0 ? allowed : members?.map(({ stored }) => stored) ?? []
  switch (type) {
    case 'nvarchar': case 'char': return codes.filter(code => length === undefined || code.length <= length)
    case 'int': case 'smallint': case 'tinyint': return codes.map(Number).filter(Number.isInteger)
    default: return []
  }
}

function defaultOf(column: Column): Value | undefined {
  const { type, default: told, length } = column
  if (told === undefined) return undefined
  const number = Number(told)
  switch (type) {
    case 'bit': return told === 'True' ? 1 : told === 'False' ? 0 : undefined
    case 'int': case 'smallint': case 'tinyint': return Number.isInteger(number) ? number : undefined
    case 'decimal': return Number.isInteger(number) ? decimal(column, number) : undefined
    case 'nvarchar': case 'char':
      return told === 'NewGuid' || (length !== undefined && told.length > length) ? undefined : told
    default: return undefined
  }
}

function byType(column: Column): ValueMaker {
  switch (column.type) {
    case 'nvarchar': case 'char': return textMaker(column)
    case 'uniqueidentifier': return random => random.guid()
    case 'bit': return random => random.between(0, 1)
    case 'tinyint': return random => random.between(0, 100)
    case 'int': case 'smallint':
      return /(?:^|_)Year$/.test(column.name) ? random => random.between(2024, 2026) : random => random.between(0, 500)
    case 'bigint': return random => 9_007_199_254_740_992n + BigInt(random.between(1, 1_000_000))
    case 'decimal': return random => decimal(column, random.between(0, 999_999) / 100)
    case 'float': return random => random.between(-18_000, 18_000) / 100
    case 'date': return random => day(random.between(0, DAYS))
    case 'datetime': return random => moment(random.between(0, DAYS), random.between(0, 86_399))
    case 'time': return random => clock(random.between(0, 86_399))
    case 'varbinary': case 'timestamp': return random => base64(random.next())
  }
}

/** Text that looks like what the column's name promises. */
const TEXTS: readonly (readonly [name: RegExp, text: (random: Random, row: number) => string])[] = [
  [/Full_Path$/, (_random, row) => `/${row + 1}/`],
  [/E_?Mail/i, (_random, row) => `person${row + 1}@example.com`],
  [/Url|Uri|Web/i, (_random, row) => `https://example.com/${row + 1}`],
  [/Phone|Fax/, random => `+359 2 ${random.between(1_000_000, 9_999_999)}`],
  [/(?:^|_)User(?:_?Name)?$|Login/, random => random.pick(['admin', 'ivan.petrov', 'maria.ivanova'])],
  [/Language/, random => random.pick(['en', 'bg'])],
  [/_IP$|IP_Address/, random => `192.0.2.${random.between(1, 254)}`],
]
const BULGARIAN = ['Първи', 'Втори', 'Трети', 'Четвърти', 'Пети', 'Друг'] as const

function textMaker(column: Column): ValueMaker {
  const [, known] = TEXTS.find(([name]) => name.test(column.name)) ?? []
  const name = words(column.name)
  if (column.multilanguage) return (random, row) => inLanguages(column, `${name} ${row + 1}`, random.pick(BULGARIAN))
  if (known) return (random, row) => cut(column, known(random, row), '')
  return (random, row) => cut(column, `${name} `, String(random.between(1, 99) * 100 + row))
}

/** All languages if they fit, else one, else the text alone. */
function inLanguages({ length = Infinity }: Column, english: string, bulgarian: string): string {
  const short = String(english.split(' ').at(-1))
  const forms = [languages([english, bulgarian]), languages([short, short]), JSON.stringify({ EN: short })]
  return forms.find(form => form.length <= length) ?? english.slice(0, length)
}

/** The end of a text is what tells rows apart, so the beginning is shortened. */
function cut({ length = Infinity }: Column, start: string, end: string): string {
  return `${start.slice(0, Math.max(0, length - end.length))}${end.slice(-length)}`
}

/** A number with the digits that the column has; what is too large loses its first ones. */
function decimal({ precision, scale = 2 }: Column, value: number): string {
  const places = precision === undefined ? 2 : scale
  const [whole = '0', fraction] = Math.abs(value).toFixed(Math.min(places, 20)).split('.')
  const fitting = precision === undefined ? whole : whole.slice(Math.max(0, whole.length - (precision - places)))
  const digits = fitting === '' || precision === places ? '0' : String(Number(fitting))
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

function clock(seconds: number): string {
  return moment(0, seconds).slice(11, 19)
}

function base64(number: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(number, 4)
  return bytes.toString('base64')
}

/** `Maintenance_Type_Code` in words. */
function words(name: string): string {
  return name.replaceAll('_', ' ')
}
