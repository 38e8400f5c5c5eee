import { ErpError } from '../../core/base/errors.ts'
import type { JsonObject } from '../../core/base/json.ts'

/** What the arguments of commands must be; one means the same to all of them. */
const ARGUMENTS: Readonly<Record<string, ArgumentType>> = {
  id: 'text',
  name: 'text',
  connection: 'text',
  text: 'text',
  uri: 'text',
  language: 'text',
  with: 'text',
  snapshot: 'text',
  saveTo: 'text',
  maxRows: 'count',
  replace: 'boolean',
  notebook: 'boolean',
  newSecret: 'boolean',
  cells: 'list',
}

export type ArgumentType = keyof typeof FITS

const FITS = {
  text: (value: unknown) => typeof value === 'string',
  boolean: (value: unknown) => typeof value === 'boolean',
  list: (value: unknown) => Array.isArray(value),
  count: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
}

/** Throws `argument-invalid`. One that is null counts as not given. */
export function checkArguments(args: JsonObject): void {
  for (const [name, expected] of Object.entries(ARGUMENTS)) {
    const value = args[name] ?? undefined
    if (value !== undefined && !FITS[expected](value)) throw new ErpError('argument-invalid', { name, expected })
  }
}
