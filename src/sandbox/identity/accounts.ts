import { createHash } from 'node:crypto'

import { Random } from '../data/random.ts'
import { seedApplications, type Application } from './applications.ts'
import { seedReferenceTokens, type ReferenceToken } from './referenceTokens.ts'

/** Who and what may sign in: made from the seed, so that the same seed gives the same instance. */

export interface User {
  readonly id: string
  readonly login: string
  password: string
  readonly name: string
  readonly email: string
  readonly type: 'InternalUser' | 'ExternalCommunityUser'
  readonly admin: boolean
  readonly locale: 'en' | 'bg'
  active: boolean
  /** A licence slot that is kept for this user. */
  reservedSeat: boolean
}

export interface Accounts {
  readonly users: readonly User[]
  /** Grows when an administrator opens an install link. */
  readonly applications: Application[]
  readonly referenceTokens: ReferenceToken[]
  /** The personal access token of the first user, the administrator. */
  readonly referenceToken: string
  /** As good as any, but issued by another instance. */
  readonly foreignToken: string
}

export function makeAccounts(seed: number): Accounts {
  const random = new Random(seed ^ 0x1d_e17_17e)
  const secret = (purpose: string) => createHash('sha256').update(`${purpose}:${seed}:${random.next()}`).digest('hex')
  const newToken = (purpose: string) => `enrt_${secret(purpose).toUpperCase()}`
  const referenceToken = newToken('reference')
  const usual = { type: 'InternalUser', admin: false, locale: 'en', active: true, reservedSeat: false } as const
  return {
    users: [
      {
        ...usual, id: random.guid(), login: 'admin', password: 'admin-pass', name: 'Sandbox Administrator',
        email: 'admin@balkan-trade.example', admin: true,
      },
      {
        ...usual, id: random.guid(), login: 'ivan.petrov', password: 'ivan-pass', name: 'Иван Петров',
        email: 'ivan.petrov@balkan-trade.example', locale: 'bg',
      },
      {
        ...usual, id: random.guid(), login: 'elena.customer', password: 'elena-pass', name: 'Elena Customer',
        email: 'elena@customer.example', type: 'ExternalCommunityUser',
      },
    ],
    applications: seedApplications(
      purpose => secret(purpose).slice(0, 40), login => ({ id: random.guid(), login }),
    ),
    referenceToken,
    referenceTokens: seedReferenceTokens(referenceToken, newToken, Date.now()),
    foreignToken: newToken('foreign'),
  }
}

export function userOf({ users }: Accounts, login: string): User | undefined {
  return users.find(user => user.login === login && user.active)
}

/** Who signs in with this, by a form; the login's case doesn't matter. */
export function userWithPassword(accounts: Accounts, login: string, password: string): User | undefined {
  const user = userOf(accounts, login.trim().toLowerCase())
  return user?.password === password ? user : undefined
}

export function applicationOf({ applications }: Accounts, clientId: unknown): Application | undefined {
  return applications.find(application => application.clientId === clientId)
}
