/** What real life does to an instance, switched on by name (`--quirk name` or `--quirk name=value`, or by control). */

/** Each quirk with the value that it has when none is given, and what it does. */
export const QUIRKS = {
  'stall-after-row': { value: 10, about: 'the next table answer stops after row N until control releases it' },
  'cut-after-row': { value: 10, about: 'table answers end with a broken connection after row N' },
  'cut-after-byte': { value: 1000, about: 'table answers end with a broken connection after byte N' },
  'html-page': { value: true, about: 'the APIs answer 200 with an HTML sign-in page' },
  'site-missing': { value: 'TableAPI', about: 'discovery leaves this site out' },
  'site-not-working': { value: 'TableAPI', about: 'discovery calls this site NotWorking, and it answers 503' },
  'discovery-at-sys': { value: true, about: 'discovery only at its other documented address, /sys/auto-discovery' },
  'answer-401': { value: true, about: 'the APIs answer 401; with a number, only that many times' },
  'answer-403': { value: true, about: 'the APIs answer 403; with a number, only that many times' },
  'answer-404': { value: true, about: 'the APIs answer 404; with a number, only that many times' },
  'answer-429': { value: true, about: 'the APIs answer 429; with a number, only that many times' },
  'answer-500': { value: true, about: 'the APIs answer 500; with a number, only that many times' },
  'no-licence': { value: true, about: 'no licence slot is free for a new session' },
  'decimals-as-strings': { value: true, about: 'table answers write decimals and 64-bit integers as strings' },
  'nextlink-relative': { value: true, about: 'links to the next page are relative to the service root' },
  'nextlink-skip': { value: true, about: 'links to the next page have $skip instead of $skiptoken' },
  'nextlink-none': { value: true, about: 'a version before 26.2: no links to the next page' },
  'amounts-as-strings': { value: true, about: 'the values of amounts are strings' },
  'lower-case-languages': { value: true, about: 'multilanguage values have their languages in lower case' },
  'time-as-duration': { value: true, about: 'table answers write times as durations, and $metadata calls them so' },
  'url-limit': { value: 2048, about: 'an address of more than N characters is answered with 414' },
  'no-retry-after': { value: true, about: 'an answer 429 does not say when to come again' },
  'wrapped-errors': { value: true, about: 'errors come as { "error": { … } }' },
  'token-seconds': { value: 5, about: 'access tokens live for N seconds' },
  'token-audience': { value: 'DomainAPI', about: 'access tokens open this API alone' },
  'no-token-type': { value: true, about: 'token answers lack token_type' },
  'claim-booleans': { value: true, about: 'is_admin and email_verified are booleans, not strings' },
  'scopes-left-out': { value: true, about: 'scopes that an application may not have are left out, not refused' },
  'discovery-without-read': { value: true, about: 'scopes_supported of the identity service omits read' },
  'disabled-unauthorized': { value: true, about: 'a disabled application is unauthorized_client, not invalid_client' },
  'refresh-public': { value: 'none', about: 'refresh tokens of public clients: day (24 hours, as usual) or none' },
  'refresh-kept': { value: true, about: 'a refresh gives no new refresh token, and the old one stays valid' },
  'sign-out-page': { value: true, about: 'sign-out asks first' },
  'clock-skew': { value: 120, about: 'the clock is N seconds ahead, or behind when N is negative' },
} as const satisfies Record<string, { value: QuirkValue; about: string }>

export type QuirkName = keyof typeof QUIRKS
export type QuirkValue = string | number | true

export class Quirks {
  readonly #on = new Map<QuirkName, QuirkValue>()

  /**
   * @param value `false` switches it off, `true` gives it its usual value
   * @throws RangeError for an unknown name or a wrong value
   */
  set(name: string, value: unknown): void {
    if (!isQuirk(name)) throw new RangeError(`unknown quirk: ${name} (known: ${Object.keys(QUIRKS).join(', ')})`)
    if (value === false) this.#on.delete(name)
    else this.#on.set(name, checked(name, value))
  }

  clear(): void {
    this.#on.clear()
  }

  has(name: QuirkName): boolean {
    return this.#on.has(name)
  }

  /** The number of a quirk that has one and is on. */
  number(name: QuirkName): number | undefined {
    const value = this.#on.get(name)
    return typeof value === 'number' ? value : undefined
  }

  text(name: QuirkName): string | undefined {
    const value = this.#on.get(name)
    return typeof value === 'string' ? value : undefined
  }

  /** Is it on? One that counts down has then been used once more. */
  take(name: QuirkName): boolean {
    const value = this.#on.get(name)
    if (typeof value === 'number' && value > 1) this.#on.set(name, value - 1)
    else if (typeof value === 'number') this.#on.delete(name)
    return value !== undefined
  }

  all(): Readonly<Record<string, QuirkValue>> {
    return Object.fromEntries(this.#on)
  }
}

function isQuirk(name: string): name is QuirkName {
  return Object.hasOwn(QUIRKS, name)
}

function checked(name: QuirkName, value: unknown): QuirkValue {
  const usual: QuirkValue = QUIRKS[name].value
  if (value === true) return usual
  const number = Number(value)
  const counts = typeof usual === 'number' || name.startsWith('answer-')
  if (counts && Number.isSafeInteger(number) && (number > 0 || name === 'clock-skew')) return number
  const choices = name === 'refresh-public' ? ['day', 'none'] : [value]
  if (typeof usual === 'string' && typeof value === 'string' && value !== '' && choices.includes(value)) return value
  throw new RangeError(`quirk ${name} can't be ${JSON.stringify(value)}`)
}
