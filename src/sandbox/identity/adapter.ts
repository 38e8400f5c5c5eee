import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/**
 * What the identity service remembers, in maps. (The provider's own memory forgets beyond a thousand entries.)
 * A used refresh token is forgotten at once: a second use is then refused, and revokes nothing else, as in ERP.net
 * (the provider would revoke the whole grant). Clients are looked up afresh each time, so that a change counts at once.
 */
export class IdentityStore {
  readonly #stores = new Map<string, Map<string, AdapterPayload>>()
  readonly #findClient: (clientId: string) => AdapterPayload | undefined

  constructor(findClient: (clientId: string) => AdapterPayload | undefined) {
    this.#findClient = findClient
  }

  adapters(): AdapterFactory {
    return name => name === 'Client'
      ? new ClientAdapter(this.#findClient)
      : new MemoryAdapter(name, this.#store(name), grantId => this.revokeGrant(grantId))
  }

  /** A change of password: who was to stay signed in must sign in again. */
  forgetRefreshTokens(login: string): void {
    forget(this.#store('RefreshToken'), ({ accountId }) => accountId === login)
  }

  /** A user who may no longer sign in: the browsers forget them too. */
  forgetUser(login: string): void {
    for (const store of this.#stores.values()) forget(store, ({ accountId }) => accountId === login)
  }

  revokeGrant(grantId: string): void {
    for (const store of this.#stores.values()) forget(store, payload => payload.grantId === grantId)
    this.#store('Grant').delete(grantId)
  }

  #store(name: string): Map<string, AdapterPayload> {
    const store = this.#stores.get(name) ?? new Map<string, AdapterPayload>()
    this.#stores.set(name, store)
    return store
  }
}

function forget(store: Map<string, AdapterPayload>, which: (payload: AdapterPayload) => boolean): void {
  for (const [id, payload] of store) if (which(payload)) store.delete(id)
}

class MemoryAdapter implements Adapter {
  readonly #name: string
  readonly #store: Map<string, AdapterPayload>
  readonly #revokeGrant: (grantId: string) => void

  constructor(name: string, store: Map<string, AdapterPayload>, revokeGrant: (grantId: string) => void) {
    this.#name = name
    this.#store = store
    this.#revokeGrant = revokeGrant
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
    this.#revokeGrant(grantId)
    return Promise.resolve()
  }
}

/** Reads only: clients are the registered applications. */
class ClientAdapter implements Adapter {
  readonly #find: (clientId: string) => AdapterPayload | undefined

  constructor(find: (clientId: string) => AdapterPayload | undefined) {
    this.#find = find
  }

  async find(clientId: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#find(clientId))
  }

  async findByUid(): Promise<undefined> { return Promise.resolve(undefined) }
  async findByUserCode(): Promise<undefined> { return Promise.resolve(undefined) }
  async upsert(): Promise<void> { return Promise.resolve() }
  async consume(): Promise<void> { return Promise.resolve() }
  async destroy(): Promise<void> { return Promise.resolve() }
  async revokeByGrantId(): Promise<void> { return Promise.resolve() }
}
