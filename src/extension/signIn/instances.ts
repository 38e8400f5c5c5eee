import { unlessAborted } from '../../core/base/cancel.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Instance, UsedSite } from '../../core/instance/instance.ts'
import type { IdentityEngine } from './browser.ts'

/** The instances that were found, as long as the window lives; what is missing or down is looked for again. */
export class Instances {
  readonly #engine: IdentityEngine
  /** By root URL. */
  readonly #found = new Map<string, Promise<Instance>>()

  constructor(engine: IdentityEngine) {
    this.#engine = engine
  }

  /**
   * Everybody who asks meanwhile shares one discovery, so it isn't cancelled with one of them. Throws what discovery
   * throws; `cancelled`.
   */
  async find({ url }: Connection, signal?: AbortSignal): Promise<Instance> {
    let instance = this.#found.get(url)
    if (instance === undefined) {
      instance = this.#engine.call('discover', { address: url })
      this.#found.set(url, instance)
      const forget = () => this.#found.delete(url)
      instance.then(found => isWhole(found) || forget(), forget)
    }
    return unlessAborted(instance, signal)
  }

  forget({ url }: Connection): void {
    this.#found.delete(url)
  }
}

/** Is nothing missing or down that may be there the next time? */
function isWhole({ sites }: Instance): boolean {
  const works = (wanted: UsedSite) => sites.some(({ type, status }) => type === wanted && status !== 'NotWorking')
  return works('ID') && works('DomainAPI') && works('TableAPI')
}
