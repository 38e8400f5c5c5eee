import { advanceClock } from './clock.ts'
import { Problem, readBody, sendJson, type Exchange } from './http.ts'
import type { AccountChanges } from './identity/changes.ts'
import type { Sessions } from './identity/sessions.ts'
import type { Monitor, State } from './monitor.ts'
import { QUIRKS, type Quirks } from './quirks.ts'

/** Limits that control can move, with what holds at first (protocol sheet, sections 2 and 5). */
export const LIMITS = {
  /** Requests a minute of one session: Domain API. */
  perMinute: 600,
  /** Requests at a time of one session, and in its queue: Domain API. */
  sessionConcurrent: 1,
  sessionQueue: 5,
  /** Requests at a time over all sessions, and in the queue: Table API. */
  concurrent: 2,
  queue: 5,
  /** Licence slots. */
  slots: 20,
}

export type Limits = typeof LIMITS

export interface ControlParts {
  readonly quirks: Quirks
  readonly monitor: Monitor
  readonly limits: Limits
  readonly sessions: Sessions
  readonly accounts: AccountChanges
  readonly door: Door
}

/** Where new connections come in. */
export interface Door {
  open(): Promise<void>
  close(): void
}

/**
 * What a test does to a running sandbox, under `/_control/`; it is there only when the command line asks for it.
 * - `GET state` · `GET wait?…`: what goes on, now or as soon as it fits: `running=0` (table requests), `rows=10` (of one
 *   of them, at least), `stalled=1`, `queued=…`, `sockets=…`, `tableSockets=…`, `sessions=…`, `answering=…`,
 *   `requests=…` and `bytesSent=…` (at least); 408 after `seconds` (20)
 * - `GET requests`: how many came, by path, and the last 500 one by one; tokens as SHA-256
 * - `POST quirks` `{ name: value }` (`true`: its usual value, `false`: off), or `{ name: { value, path, times } }`: only
 *   for requests whose path begins so, and so many of them · `DELETE quirks`: all off · `GET quirks`: all there are
 * - `POST release`: stalled answers go on · `POST cut`: the connections of all answers under way break
 * - `POST close`: new connections are refused, but at control's own address · `POST open`: no more
 * - `POST limits` `{ perMinute?, sessionConcurrent?, sessionQueue?, concurrent?, queue?, slots? }`: see `LIMITS`
 * - `POST clock` `{ advanceSeconds }`: the instance's clock moves on
 * - `POST accounts`: a change of a user, application or reference token; see `identity/changes.ts`
 */
export class Control {
  readonly #quirks: Quirks
  readonly #monitor: Monitor
  readonly #limits: Limits
  readonly #door: Door

  readonly #sessions: Sessions
  readonly #accounts: AccountChanges

  constructor({ quirks, monitor, limits, door, sessions, accounts }: ControlParts) {
    this.#quirks = quirks
    this.#monitor = monitor
    this.#limits = limits
    this.#door = door
    this.#sessions = sessions
    this.#accounts = accounts
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, url } = exchange
    const call = `${request.method ?? ''} ${url.pathname.slice('/_control/'.length)}`
    switch (call) {
      case 'GET state':
        sendJson(exchange, this.#monitor.state())
        break
      case 'GET wait':
        await this.#wait(exchange)
        break
      case 'GET requests':
        sendJson(exchange, this.#monitor.requests.report())
        break
      case 'GET quirks':
        sendJson(exchange, { on: this.#quirks.all(), known: QUIRKS })
        break
      case 'POST quirks':
        this.#setQuirks(await readObject(exchange))
        sendJson(exchange, this.#quirks.all())
        break
      case 'DELETE quirks':
        this.#quirks.clear()
        sendJson(exchange, {})
        break
      case 'POST release':
        this.#monitor.release()
        sendJson(exchange, {})
        break
      case 'POST cut':
        this.#monitor.requests.cut()
        sendJson(exchange, {})
        break
      case 'POST close':
        this.#door.close()
        sendJson(exchange, {})
        break
      case 'POST open':
        await this.#door.open()
        sendJson(exchange, {})
        break
      case 'POST limits':
        this.#setLimits(await readObject(exchange))
        sendJson(exchange, this.#limits)
        break
      case 'POST clock':
        this.#advance(await readObject(exchange))
        sendJson(exchange, { now: new Date(Date.now()).toISOString() })
        break
      case 'POST accounts':
        this.#accounts.apply(await readObject(exchange))
        sendJson(exchange, {})
        break
      default:
        throw new Problem(404, 'ControlException', `Control knows no ${call}.`)
    }
  }

  async #wait(exchange: Exchange): Promise<void> {
    const { response, url } = exchange
    const wishes = [...url.searchParams].filter(([name]) => name !== 'seconds').map(
      ([name, value]) => readWish(name, Number(value)),
    )
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const late = AbortSignal.timeout(Number(url.searchParams.get('seconds') ?? 20) * 1000)
    try {
      const fits = (state: State) => wishes.every(wish => wish(state))
      sendJson(exchange, await this.#monitor.until(fits, AbortSignal.any([late, gone.signal])))
    } catch {
      if (!gone.signal.aborted) sendJson(exchange, this.#monitor.state(), 408)
    }
  }

  #setQuirks(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      try {
        this.#quirks.set(name, value)
      } catch (error) {
        throw new Problem(400, 'ControlException', error instanceof Error ? error.message : String(error))
      }
    }
  }

  #advance({ advanceSeconds: seconds }: Readonly<Record<string, unknown>>): void {
    if (typeof seconds !== 'number') throw new Problem(400, 'ControlException', 'Control wants advanceSeconds.')
    advanceClock(seconds)
    this.#sessions.forgetEnded()
  }

  #setLimits(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!isLimit(name) || typeof value !== 'number') {
        throw new Problem(400, 'ControlException', `Control knows no limit ${name}.`)
      }
      this.#limits[name] = value
    }
  }
}

function readWish(name: string, wanted: number): (state: State) => boolean {
  switch (name) {
    case 'running': return ({ running }) => running.length === wanted
    case 'rows': return ({ running }) => running.some(({ rows }) => rows >= wanted)
    case 'stalled': return ({ running }) => running.filter(({ stalled }) => stalled).length === wanted
    case 'queued': case 'sockets': case 'tableSockets': case 'sessions': case 'answering':
      return state => state[name] === wanted
    case 'requests': case 'bytesSent': return state => state[name] >= wanted
    default: throw new Problem(400, 'ControlException', `Control can't wait for ${name}.`)
  }
}

async function readObject({ request }: Exchange): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await readBody(request))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch { /* said below */ }
  throw new Problem(400, 'ControlException', 'Control wants a JSON object.')
}

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(LIMITS, name)
}
