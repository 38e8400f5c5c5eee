import { createHash } from 'node:crypto'

import { Random } from '../data/random.ts'

/** Who and what may sign in: made from the seed, so that the same seed gives the same instance. */

export interface User {
  readonly id: string
  readonly login: string
  readonly password: string
  readonly name: string
  readonly email: string
  readonly type: 'InternalUser' | 'ExternalCommunityUser'
  readonly admin: boolean
  readonly locale: 'en' | 'bg'
}

/** A Trusted Application (protocol sheet, section 2). */
export interface Application {
  readonly clientId: string
  readonly name: string
  /** In our own words (`product.md`): a public client, or one with a secret. */
  readonly type: 'native' | 'confidential'
  readonly secret: string | undefined
  readonly redirectUris: readonly string[]
  readonly signedOutUris: readonly string[]
  readonly scope: string
}

export interface Accounts {
  readonly users: readonly User[]
  readonly applications: readonly Application[]
  /** The personal access token of the first user, the administrator. */
  readonly referenceToken: string
}

/** The loopback ports that the applications have registered; ERP.net compares them exactly. */
export const REDIRECT_PORTS = [53177, 53178, 53179] as const

export function makeAccounts(seed: number): Accounts {
  const random = new Random(seed ^ 0x1d_e17_17e)
  const secret = (purpose: string) => createHash('sha256').update(`${purpose}:${seed}:${random.next()}`).digest('hex')
  const application = {
    redirectUris: REDIRECT_PORTS.map(port => `http://127.0.0.1:${port}/callback`),
    signedOutUris: REDIRECT_PORTS.map(port => `http://127.0.0.1:${port}/signed-out`),
    scope: 'openid profile read update offline_access',
  }
  return {
    referenceToken: `enrt_${secret('reference').toUpperCase()}`,
    applications: [
      {
        clientId: 'com.example/erpnet-tools', name: 'ERP.net Developer Tools', type: 'native', secret: undefined,
        ...application,
      },
      {
        clientId: 'com.example/web-reports', name: 'Web Reports', type: 'confidential',
        secret: secret('web').slice(0, 40), ...application,
      },
    ],
    users: [
      {
        id: random.guid(), login: 'admin', password: 'admin-pass', name: 'Sandbox Administrator',
        email: 'admin@balkan-trade.example',
        type: 'InternalUser', admin: true, locale: 'en',
      },
      {
        id: random.guid(), login: 'ivan.petrov', password: 'ivan-pass', name: 'Иван Петров',
        email: 'ivan.petrov@balkan-trade.example',
        type: 'InternalUser', admin: false, locale: 'bg',
      },
    ],
  }
}
