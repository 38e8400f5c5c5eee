import { createHash } from 'node:crypto'

/** The Trusted Applications of the instance (protocol sheet, section 2). */

/** The five documented types, in our own words (`product.md`). */
export type ApplicationType = 'native' | 'confidential' | 'portal' | 'service' | 'referenceToken'

/** Who may issue reference tokens for an application. */
export type TokenPolicy = 'None' | 'AuthenticatedUsers' | 'AdministratorsOnly'

export interface SystemUser {
  readonly id: string
  readonly login: string
}

/** The record of a Trusted Application, with the attributes of the sheet; `clientId` is its ApplicationUri. */
export interface Application {
  readonly clientId: string
  readonly name: string
  readonly type: ApplicationType
  readonly clientType: 'None' | 'Public' | 'Confidential'
  /** The plain one, for the ready line only: the instance itself knows the hash alone. */
  readonly secret: string | undefined
  /** Base64 of the SHA-256 of the secret. */
  readonly applicationSecretHash: string | undefined
  /** Comma-separated redirect addresses. */
  readonly impersonateLoginUrl: string
  readonly impersonateLogoutUrl: string
  readonly impersonateAsInternalUserAllowed: boolean
  readonly impersonateAsCommunityUserAllowed: boolean
  readonly systemUserAllowed: boolean
  readonly systemUser: SystemUser | undefined
  /** Separated by spaces. */
  readonly scope: string
  readonly accessTokens: TokenPolicy
  /** The APIs' legacy, which this instance never accepts, whatever is said here. */
  readonly basicAuthenticationAllowed: boolean
  isEnabled: boolean
}

/** All that can be allowed; `sec` is reserved and `DomainApi` obsolete, so nobody has them. */
export const SCOPES = ['openid', 'profile', 'read', 'update', 'offline_access'] as const
const USER_IDENTITY = ['openid', 'profile']
export const API_SCOPES: readonly string[] = ['read', 'update']

/** The loopback ports that the applications have registered; ERP.net compares them exactly. */
const REDIRECT_PORTS = [53177, 53178, 53179] as const

const EVERYTHING = 'openid profile read update offline_access'
const NOTHING = {
  clientType: 'Confidential', secret: undefined, impersonateLoginUrl: '', impersonateLogoutUrl: '',
  impersonateAsInternalUserAllowed: false, impersonateAsCommunityUserAllowed: false, systemUserAllowed: false,
  systemUser: undefined, accessTokens: 'None', basicAuthenticationAllowed: false, isEnabled: true,
} as const
const IN_BROWSER = {
  impersonateLoginUrl: REDIRECT_PORTS.map(port => `http://127.0.0.1:${port}/callback`).join(', '),
  impersonateLogoutUrl: REDIRECT_PORTS.map(port => `http://127.0.0.1:${port}/signed-out`).join(', '),
  impersonateAsInternalUserAllowed: true,
} as const

/**
 * One of each type first, then those that are restricted in one way or the other.
 * @param secret a new one for a purpose @param systemUser a new one with this login
 */
export function seedApplications(
  secret: (purpose: string) => string, systemUser: (login: string) => SystemUser,
): Application[] {
  const inBrowser = { ...NOTHING, ...IN_BROWSER }
  const native = { ...inBrowser, type: 'native', clientType: 'Public', scope: EVERYTHING } as const
  const service = { ...NOTHING, type: 'service', systemUserAllowed: true } as const
  const automation = { ...NOTHING, type: 'referenceToken', accessTokens: 'AuthenticatedUsers' } as const
  const applications: Omit<Application, 'applicationSecretHash'>[] = [
    { ...native, clientId: 'com.example/erpnet-tools', name: 'ERP.net Developer Tools' },
    {
      ...inBrowser, clientId: 'com.example/web-reports', name: 'Web Reports', type: 'confidential', scope: EVERYTHING,
      secret: secret('web'),
    },
    {
      ...inBrowser, clientId: 'com.example/customer-portal', name: 'Customer Portal', type: 'portal',
      scope: 'openid profile read update', secret: secret('portal'), impersonateAsCommunityUserAllowed: true,
      systemUserAllowed: true, systemUser: systemUser('portal.service'),
    },
    {
      ...service, clientId: 'com.example/stock-sync', name: 'Stock Sync', scope: 'read update',
      secret: secret('sync'), systemUser: systemUser('sync.service'),
    },
    {
      ...automation, clientId: 'com.example/automation', name: 'Automation', scope: 'read update',
      systemUserAllowed: true, systemUser: systemUser('automation.service'),
    },
    {
      ...automation, clientId: 'com.example/bi', name: 'Business Intelligence', scope: 'read',
      accessTokens: 'AdministratorsOnly', systemUserAllowed: true, systemUser: systemUser('bi.service'),
    },
    { ...automation, clientId: 'com.example/importer', name: 'Importer', scope: 'update' },
    { ...native, clientId: 'com.example/viewer', name: 'Viewer', scope: 'openid profile read offline_access' },
    { ...native, clientId: 'com.example/kiosk', name: 'Kiosk', scope: 'openid profile read update' },
    {
      ...native, clientId: 'com.example/community', name: 'Community', impersonateAsCommunityUserAllowed: true,
    },
    {
      ...native, clientId: 'com.example/customers-only', name: 'Customers Only',
      impersonateAsInternalUserAllowed: false, impersonateAsCommunityUserAllowed: true,
    },
    {
      ...service, clientId: 'com.example/nobody-behind', name: 'Service without a System User', scope: 'read',
      secret: secret('nobody'),
    },
    {
      ...native, clientId: 'com.example/retired', name: 'Retired', accessTokens: 'AuthenticatedUsers',
      isEnabled: false,
    },
  ]
  return applications.map(application => ({ ...application, applicationSecretHash: hashOf(application.secret) }))
}

/** What a signed-in user's token may carry: at a portal the sign-in is for identity only. */
export function userScopes({ type, scope }: Application): readonly string[] {
  return words(scope).filter(name => type !== 'portal' || USER_IDENTITY.includes(name))
}

/** What the application's own tokens may carry: there is no user whom `openid` could tell of. */
export function serviceScopes({ scope }: Application): readonly string[] {
  return words(scope).filter(name => API_SCOPES.includes(name))
}

export function hasServiceIdentity({ clientType, systemUserAllowed, systemUser }: Application): boolean {
  return clientType === 'Confidential' && systemUserAllowed && systemUser !== undefined
}

export function redirectUris({ impersonateLoginUrl }: Application): string[] {
  return addresses(impersonateLoginUrl)
}

export function signedOutUris({ impersonateLogoutUrl }: Application): string[] {
  return addresses(impersonateLogoutUrl)
}

export function hashOf(secret: string): string
export function hashOf(secret: string | undefined): string | undefined
export function hashOf(secret: string | undefined): string | undefined {
  return secret === undefined ? undefined : createHash('sha256').update(secret).digest('base64')
}

/** The words of a text that is separated by spaces. */
export function words(text: string): string[] {
  return text.split(' ').filter(word => word !== '')
}

function addresses(list: string): string[] {
  return list.split(',').map(address => address.trim()).filter(address => address !== '')
}
