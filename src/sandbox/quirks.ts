import { AsyncLocalStorage } from 'node:async_hooks'

import { FAULTS } from './faults/list.ts'
import { SITE_TYPES } from './instance/sites.ts'

/** What real life does to an instance, switched on by name (`--quirk name` or `--quirk name=value`, or by control). */

interface Quirk {
  /**
   * What it is when nothing is said. A number or a text makes a quirk that takes such values; `true` one that is on or
   * off, for which a number says for how many requests.
   */
  readonly value: QuirkValue
  /** The ends of its numbers; 1 and 2^53 - 1 when not said. */
  readonly least?: number
  readonly most?: number
  /** The form of its texts; any but the empty one when not said. */
  readonly fits?: RegExp
  /** For how many requests when nothing is said. */
  readonly times?: number
  readonly about: string
}

const SITE = new RegExp(`^(?:${SITE_TYPES.join('|')})$`)

/** Each quirk with the value that it has when none is given, and what it does. */
export const QUIRKS = {
  'stall-after-row': { value: 10, times: 1, about: 'the next table answer stops after row N until control releases it' },
  'cut-after-row': { value: 10, about: 'table answers end with a broken connection after row N' },
  'site-missing': { value: 'TableAPI', fits: SITE, about: 'this site is not there, and not in discovery' },
  'site-unlisted': { value: 'TableAPI', fits: SITE, about: 'discovery leaves this site out, but it works' },
  'site-not-working': {
    value: 'TableAPI', fits: SITE, about: 'discovery calls this site NotWorking, and it answers 503',
  },
  'site-status-unknown': { value: 'TableAPI', fits: SITE, about: 'discovery calls this site Unknown; it works' },
  'site-twice': {
    value: 'TableAPI', fits: /^(?:DomainAPI|TableAPI|UserProfile)$/,
    about: 'there is a second site of this type, at its address with `2` behind',
  },
  'site-address': {
    value: 'TableAPI:/custom/table', fits: /^(?:DomainAPI|TableAPI|UserProfile):(?:\/[\w-]+)+$/,
    about: 'this site lies elsewhere below the root (TYPE:/path)',
  },
  'unknown-sites': { value: true, about: 'discovery lists sites of all documented types, and of types unknown to all' },
  'no-odata-root': { value: true, about: 'discovery names no ODataServiceRoot' },
  'discovery-at-sys': { value: true, about: 'discovery only at its other documented address, /sys/auto-discovery' },
  'no-licence': { value: true, about: 'no licence slot is free for a new session' },
  'decimals-as-strings': { value: true, about: 'table answers write decimals and 64-bit integers as strings' },
  'nextlink-relative': { value: true, about: 'links to the next page are relative to the service root' },
  'nextlink-skip': { value: true, about: 'links to the next page have $skip instead of $skiptoken' },
  'nextlink-none': { value: true, about: 'a version before 26.2: no links to the next page' },
  'amounts-as-strings': { value: true, about: 'the values of amounts are strings' },
  'lower-case-languages': { value: true, about: 'multilanguage values have their languages in lower case' },
  'time-as-duration': { value: true, about: 'table answers write times as durations, and $metadata calls them so' },
  'url-limit': { value: 2048, about: 'an address of more than N characters is answered with 414' },
  'wrapped-errors': { value: true, about: 'errors come as { "error": { … } }' },
  'token-seconds': { value: 5, about: 'access tokens live for N seconds' },
  'token-audience': { value: 'DomainAPI', about: 'access tokens open this API alone' },
  'no-token-type': { value: true, about: 'token answers lack token_type' },
  'claim-booleans': { value: true, about: 'is_admin and email_verified are booleans, not strings' },
  'scopes-left-out': { value: true, about: 'scopes that an application may not have are left out, not refused' },
  'discovery-without-read': { value: true, about: 'scopes_supported of the identity service omits read' },
  'disabled-unauthorized': { value: true, about: 'a disabled application is unauthorized_client, not invalid_client' },
  'refresh-public': {
    value: 'none', fits: /^(?:day|none)$/, about: 'refresh tokens of public clients: day (24 hours, as usual) or none',
  },
  'refresh-kept': { value: true, about: 'a refresh gives no new refresh token, and the old one stays valid' },
  'sign-out-page': { value: true, about: 'sign-out asks first' },
  'clock-skew': {
    value: 120, least: -1_000_000_000, about: 'the clock is N seconds ahead, or behind when N is negative',
  },
  ...FAULTS,
} as const satisfies Record<string, Quirk>

export type QuirkName = keyof typeof QUIRKS
export type QuirkValue = string | number | true

/** A quirk that is on, and whom it meets. */
export interface Setting {
  readonly value: QuirkValue
  /** Only requests whose path begins so. */
  readonly path?: string
  /** For so many requests more. */
  readonly times?: number
}

/** The request that is being answered, and what it has been told: to one request a quirk doesn't change. */
interface Current {
  readonly path: string
  readonly isApi: boolean
  readonly told: Map<QuirkName, QuirkValue | undefined>
}

export class Quirks {
  readonly #on = new Map<QuirkName, Setting>()
  readonly #memory = new Map<QuirkName, Set<string>>()
  readonly #requests = new AsyncLocalStorage<Current>()

  /**
   * @param wish `false` switches it off, `true` gives it its usual value; else a value, or a `Setting`
   * @throws RangeError for an unknown name or a wrong value
   */
  set(name: string, wish: unknown): void {
    if (!isQuirk(name)) throw new RangeError(`unknown quirk: ${name} (known: ${Object.keys(QUIRKS).join(', ')})`)
    if (wish === false) this.#on.delete(name)
    else this.#on.set(name, readSetting(name, wish))
    this.#memory.delete(name)
  }

  clear(): void {
    this.#on.clear()
    this.#memory.clear()
  }

  /** What a quirk has to remember as long as it is on. */
  memory(name: QuirkName): Set<string> {
    const memory = this.#memory.get(name) ?? new Set()
    this.#memory.set(name, memory)
    return memory
  }

  /** Everything that `answer` asks of quirks, also later, it asks for this request. */
  during<T>(request: { readonly path: string; readonly isApi: boolean }, answer: () => T): T {
    return this.#requests.run({ ...request, told: new Map() }, answer)
  }

  has(name: QuirkName): boolean {
    return this.#ask(name) !== undefined
  }

  /** The number of a quirk that has one and is on. */
  number(name: QuirkName): number | undefined {
    const value = this.#ask(name)
    return typeof value === 'number' ? value : undefined
  }

  text(name: QuirkName): string | undefined {
    const value = this.#ask(name)
    return typeof value === 'string' ? value : undefined
  }

  /** What is on, for a look from outside: nothing counts down. */
  all(): Readonly<Record<string, QuirkValue | Setting>> {
    return Object.fromEntries([...this.#on].map(
      ([name, setting]) => [name, 'path' in setting || 'times' in setting ? setting : setting.value],
    ))
  }

  #ask(name: QuirkName): QuirkValue | undefined {
    const current = this.#requests.getStore()
    if (current?.told.has(name)) return current.told.get(name)
    const setting = this.#on.get(name)
    const value = setting && meets(name, setting, current) ? setting.value : undefined
    if (current) current.told.set(name, value)
    if (setting && value !== undefined) this.#count(name, setting)
    return value
  }

  #count(name: QuirkName, { times, ...setting }: Setting): void {
    if (times === 1) this.#on.delete(name)
    else if (times !== undefined) this.#on.set(name, { ...setting, times: times - 1 })
  }
}

function meets(name: QuirkName, { path }: Setting, current: Current | undefined): boolean {
  if (path !== undefined) return current?.path.startsWith(path) ?? false
  return !Object.hasOwn(FAULTS, name) || (current?.isApi ?? false)
}

function isQuirk(name: string): name is QuirkName {
  return Object.hasOwn(QUIRKS, name)
}

function readSetting(name: QuirkName, wish: unknown): Setting {
  const { value: usual, times: usualTimes }: Quirk = QUIRKS[name]
  if (typeof wish !== 'object' || wish === null) {
    // Of a quirk that is on or off, a number says how often.
    const counts = usual === true && wish !== true
    const times = counts ? readTimes(name, wish) : usualTimes
    return { value: counts ? true : readValue(name, wish), ...(times === undefined ? {} : { times }) }
  }
  const { value = true, path, times = usualTimes, ...rest }: Record<string, unknown> = { ...wish }
  const [strange] = Object.keys(rest)
  if (strange !== undefined) throw new RangeError(`quirk ${name} has no ${strange}, only value, path and times`)
  if (path !== undefined && (typeof path !== 'string' || !path.startsWith('/'))) {
    throw new RangeError(`the path of quirk ${name} can't be ${JSON.stringify(path)}: it begins with /`)
  }
  return {
    value: readValue(name, value),
    ...(path === undefined ? {} : { path }), ...(times === undefined ? {} : { times: readTimes(name, times) }),
  }
}

function readValue(name: QuirkName, value: unknown): QuirkValue {
  const { value: usual, least = 1, most = Number.MAX_SAFE_INTEGER, fits = /./ }: Quirk = QUIRKS[name]
  if (value === true) return usual
  const number = readWhole(value)
  if (typeof usual === 'number' && number !== undefined && number >= least && number <= most) return number
  if (typeof usual === 'string' && typeof value === 'string' && fits.test(value)) return value
  const allowed = typeof usual === 'number'
    ? `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`
    : typeof usual === 'string' ? `such as ${usual}` : 'it takes no value'
  throw new RangeError(`quirk ${name} can't be ${JSON.stringify(value)}: ${allowed}`)
}

function readTimes(name: QuirkName, value: unknown): number {
  const times = readWhole(value)
  if (times !== undefined && times > 0) return times
  throw new RangeError(`quirk ${name} can't be ${JSON.stringify(value)}: a number says for how many requests`)
}

function readWhole(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
