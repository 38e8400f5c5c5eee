import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/**
 * What the identity service remembers, in maps. (The provider's own memory forgets beyond a thousand entries.)
 * A used refresh token is forgotten at once: a second use is then refused, and revokes nothing else, as in ERP.net
 * (the provider would revoke the whole grant).
 */
export function memoryAdapters(): AdapterFactory {
  const stores = new Map<string, Map<string, AdapterPayload>>()
  return name => {
    const store = stores.get(name) ?? new Map<string, AdapterPayload>()
    stores.set(name, store)
    return new MemoryAdapter(name, store)
  }
}

class MemoryAdapter implements Adapter {
  readonly #name: string
  readonly #store: Map<string, AdapterPayload>

  constructor(name: string, store: Map<string, AdapterPayload>) {
    this.#name = name
    this.#store = store
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#store.set(id, payload)
    return Promise.resolve()
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#store.get(id))
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.#store.values()].find(payload => payload.uid === uid))
  }

  /** Only devices have user codes, and there is no device flow here. */
  async findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  async consume(id: string): Promise<void> {
    const payload = this.#store.get(id)
    if (this.#name === 'RefreshToken') this.#store.delete(id)
    else if (payload) this.#store.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) })
    return Promise.resolve()
  }

  async destroy(id: string): Promise<void> {
    this.#store.delete(id)
    return Promise.resolve()
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.#store) if (payload.grantId === grantId) this.#store.delete(id)
    return Promise.resolve()
  }
}
