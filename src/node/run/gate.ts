import { unlessAborted } from '../../core/base/cancel.ts'

/** Lets so many requests through at once to each instance, the first that came first. */
export class RequestGate {
  readonly #instances = new Map<string, { open: number, readonly waiting: (() => void)[] }>()

  /**
   * Waits for a turn. Fails with `cancelled`.
   *
   * @param onWait told that there is none free
   * @returns gives the turn back; to be called once
   */
  async enter(instance: string, limit: number, { signal, onWait }: { signal?: AbortSignal | undefined, onWait?: () => void } = {}): Promise<() => void> {
    const line = this.#instances.get(instance) ?? { open: 0, waiting: [] }
    this.#instances.set(instance, line)
    const leave = (): void => {
      line.open--
      line.waiting.shift()?.()
      if (line.open === 0 && line.waiting.length === 0) this.#instances.delete(instance)
    }
    if (line.open < limit && line.waiting.length === 0) {
      line.open++
      return leave
    }
    onWait?.()
    const turn = Promise.withResolvers<undefined>()
    const take = (): void => {
      line.open++
      turn.resolve(undefined)
    }
    line.waiting.push(take)
    try {
      await unlessAborted(turn.promise, signal)
      return leave
    } catch (error) {
      const at = line.waiting.indexOf(take)
      if (at >= 0) line.waiting.splice(at, 1)
      else leave() // its turn came at the same moment
      throw error
    }
  }
}
