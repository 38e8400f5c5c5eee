import { ARITHMETIC, type BinaryOperator } from './expression.ts'

/** What kinds of values there are for an expression. `number` is exact; `json` can only be shown. */
export type ValueType =
  | 'boolean' | 'number' | 'double' | 'text' | 'date' | 'time' | 'guid' | 'binary' | 'json' | 'null'

const TYPES: Readonly<Record<string, ValueType>> = {
  'Edm.Boolean': 'boolean',
  'Edm.Byte': 'number',
  'Edm.SByte': 'number',
  'Edm.Int16': 'number',
  'Edm.Int32': 'number',
  'Edm.Int64': 'number',
  'Edm.Decimal': 'number',
  'Edm.Double': 'double',
  'Edm.Single': 'double',
  'Edm.String': 'text',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'date',
  'Edm.TimeOfDay': 'time',
  'Edm.Duration': 'time',
  'Edm.Guid': 'guid',
  'Edm.Binary': 'binary',
}

/** Of an EDM type. */
export function valueType(edm: string): ValueType {
  return TYPES[edm] ?? 'json'
}

export function isInteger(edm: string): boolean {
  return /^Edm\.(?:S?Byte|Int(?:16|32|64))$/.test(edm)
}

export function isNumeric(type: ValueType): boolean {
  return type === 'number' || type === 'double'
}

/** Without an order: they can only be equal or not. */
const UNORDERED: ReadonlySet<ValueType> = new Set(['boolean', 'binary', 'json'])

export function isOrdered(type: ValueType): boolean {
  return !UNORDERED.has(type)
}

/** What may follow a value of that type, the usual first. */
export function operatorsOf(type: ValueType): readonly (BinaryOperator | 'in')[] {
  return [
    'eq', 'ne',
    ...(isOrdered(type) ? ['gt', 'ge', 'lt', 'le'] as const : []),
    ...(type === 'json' ? [] : ['in'] as const),
    ...(type === 'text' ? ['like'] as const : []),
    ...(isNumeric(type) ? ARITHMETIC : []),
  ]
}

export interface FunctionSpec {
  /** The types of its arguments; `number` takes a double too. Those behind `?` may be left out. */
  readonly takes: readonly (ValueType | `${ValueType}?`)[]
  /** EDM type of its result; `same`: that of its argument. */
  readonly gives: string
}

/** The functions of OData v4 (4.01, part 2, section 5.1.1.7 to 5.1.1.11) that are understood. */
const ALL_FUNCTIONS = {
  contains: { takes: ['text', 'text'], gives: 'Edm.Boolean' },
  startswith: { takes: ['text', 'text'], gives: 'Edm.Boolean' },
  endswith: { takes: ['text', 'text'], gives: 'Edm.Boolean' },
  length: { takes: ['text'], gives: 'Edm.Int32' },
  indexof: { takes: ['text', 'text'], gives: 'Edm.Int32' },
  substring: { takes: ['text', 'number', 'number?'], gives: 'Edm.String' },
  tolower: { takes: ['text'], gives: 'Edm.String' },
  toupper: { takes: ['text'], gives: 'Edm.String' },
  trim: { takes: ['text'], gives: 'Edm.String' },
  concat: { takes: ['text', 'text'], gives: 'Edm.String' },
  year: { takes: ['date'], gives: 'Edm.Int32' },
  month: { takes: ['date'], gives: 'Edm.Int32' },
  day: { takes: ['date'], gives: 'Edm.Int32' },
  hour: { takes: ['date'], gives: 'Edm.Int32' },
  minute: { takes: ['date'], gives: 'Edm.Int32' },
  second: { takes: ['date'], gives: 'Edm.Int32' },
  date: { takes: ['date'], gives: 'Edm.DateTimeOffset' },
  time: { takes: ['date'], gives: 'Edm.TimeOfDay' },
  now: { takes: [], gives: 'Edm.DateTimeOffset' },
  round: { takes: ['number'], gives: 'same' },
  floor: { takes: ['number'], gives: 'same' },
  ceiling: { takes: ['number'], gives: 'same' },
} as const satisfies Readonly<Record<string, FunctionSpec>>

export type FunctionName = keyof typeof ALL_FUNCTIONS

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionSpec>> = ALL_FUNCTIONS

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name)
}

/** `substring(text, number, number?)` */
export function signatureOf(name: FunctionName): string {
  return `${name}(${FUNCTIONS[name].takes.join(', ')})`
}
