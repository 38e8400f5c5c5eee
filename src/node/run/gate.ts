import { unlessAborted } from '../../core/base/cancel.ts'

/** Those who are in, and those who wait, the first that came first. */
interface Line {
  open: number
  readonly waiting: Waiting[]
}

interface Waiting {
  readonly limit: number
  readonly enter: () => void
}

/** Lets so many requests through at once to each instance, the first that came first. */
export class RequestGate {
  readonly #instances = new Map<string, Line>()

  /**
   * Waits for a turn. Fails with `cancelled`.
   *
   * @param limit how many may be in, this one included: those who came before may have had another
   * @param onWait told that there is none free
   * @returns gives the turn back; to be called once
   */
  async enter(instance: string, limit: number, { signal, onWait }: { signal?: AbortSignal | undefined, onWait?: () => void } = {}): Promise<() => void> {
    const line = this.#instances.get(instance) ?? { open: 0, waiting: [] }
    this.#instances.set(instance, line)
    const leave = (): void => {
      line.open--
      this.#next(instance, line)
    }
    const turn = Promise.withResolvers<undefined>()
    const own: Waiting = { limit, enter: () => turn.resolve(undefined) }
    line.waiting.push(own)
    this.#next(instance, line)
    if (line.waiting.includes(own)) onWait?.()
    try {
      await unlessAborted(turn.promise, signal)
      return leave
    } catch (error) {
      const at = line.waiting.indexOf(own)
      if (at < 0) leave() // its turn came at the same moment
      else {
        line.waiting.splice(at, 1)
        this.#next(instance, line)
      }
      throw error
    }
  }

  /** Lets in whom there is room for. */
  #next(instance: string, line: Line): void {
    for (let [first] = line.waiting; first !== undefined && line.open < first.limit; [first] = line.waiting) {
      line.waiting.shift()
      line.open++
      first.enter()
    }
    if (line.open === 0 && line.waiting.length === 0) this.#instances.delete(instance)
  }
}
