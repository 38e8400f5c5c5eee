import { Problem } from '../http.ts'
import type { Accounts } from './accounts.ts'
import type { IdentityStore } from './adapter.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * What an administrator changes while the instance runs, for tests: one of
 * - `{ user, password?, active?, reservedSeat? }`: another password revokes the user's refresh tokens
 * - `{ application, isEnabled }`
 * - `{ referenceToken, revoked: true }`
 */
export class AccountChanges {
  readonly #accounts: Accounts
  readonly #store: IdentityStore

  constructor(accounts: Accounts, store: IdentityStore) {
    this.#accounts = accounts
    this.#store = store
  }

  /** @throws Problem 400 for one that isn't there, or nothing that can be changed */
  apply({ user, application, referenceToken, ...values }: Values): void {
    const { users, applications, referenceTokens } = this.#accounts
    if (user !== undefined) this.#changeUser(found(users.find(({ login }) => login === user)), values)
    else if (application !== undefined) {
      const { isEnabled } = values
      if (typeof isEnabled !== 'boolean') throw wrong('isEnabled')
      found(applications.find(({ clientId }) => clientId === application)).isEnabled = isEnabled
    } else {
      found(referenceTokens.find(({ token }) => token === referenceToken)).revoked = true
    }
  }

  #changeUser(user: Accounts['users'][number], values: Values): void {
    const { password = user.password, active = user.active, reservedSeat = user.reservedSeat } = values
    if (typeof password !== 'string') throw wrong('password')
    if (typeof active !== 'boolean') throw wrong('active')
    if (typeof reservedSeat !== 'boolean') throw wrong('reservedSeat')
    if (password !== user.password) this.#store.forgetRefreshTokens(user.login)
    if (!active) this.#store.forgetUser(user.login)
    Object.assign(user, { password, active, reservedSeat })
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem(400, 'ControlException', 'Control finds no such account.')
  return value
}

function wrong(name: string): Problem {
  return new Problem(400, 'ControlException', `Control can't set ${name} to this.`)
}
