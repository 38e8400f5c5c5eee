import type { Connection } from '../instance/connection.ts'
import { FLOWS, requestedScopes } from './flows.ts'

/**
 * The Trusted Application that an administrator registers for a connection (protocol sheet, section 2, "Identity" and
 * "Registering an application by link").
 */
export interface TrustedApplication {
  readonly attributes: Attributes
  /** Those that a sign-in may come back to; a sign-out comes back to `ImpersonateLogoutUrl`. */
  readonly redirectUris: readonly string[]
  /** For an administrator's browser. */
  readonly installLink: string
  /** For a database administrator; we never send it. */
  readonly request: RegistrationRequest
}

/** By the names of ERP.net's attributes. */
export type Attributes = Readonly<Record<string, string | boolean>>

export interface RegistrationRequest {
  readonly method: 'POST'
  readonly url: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface ApplicationWishes {
  readonly connection: Connection
  /** Root URL of the instance; no trailing slash. */
  readonly root: string
  /** Service root of the Domain API; ends with a slash. */
  readonly odataRoot: string
  /** The loopback ports of the setting `erpnet.auth.redirectPorts`. */
  readonly ports: readonly number[]
  /** Base64 of the SHA-256 of the application's secret, where it gets a new one. */
  readonly secretHash?: string | undefined
  /** What stands for the system user, whom only the administrator can choose. */
  readonly systemUser: string
}

const NAME = 'ERP.net Developer Tools'
/** For a reference token's application, where the connection names none: in the form that ERP.net recommends. */
const SUGGESTED_URI = 'com.example/erpnet-tools'
const ENTITY_SET = 'Systems_Security_TrustedApplications'
/** To be replaced by the administrator; no user has it. */
const UNKNOWN_USER = 'Systems_Security_Users(00000000-0000-0000-0000-000000000000)'

/** Makes the record for the connection's application type. Nothing in it is secret: of a secret it holds the hash. */
export function describeApplication(wishes: ApplicationWishes): TrustedApplication {
  const attributes = attributesOf(wishes)
  return {
    attributes,
    redirectUris: redirectUris(wishes, 'callback'),
    installLink: installLink(wishes, attributes),
    request: { method: 'POST', url: wishes.odataRoot + ENTITY_SET, body: requestBody(attributes) },
  }
}

function attributesOf(wishes: ApplicationWishes): Attributes {
  const { connection, secretHash, systemUser } = wishes
  const { browser, apis, clientSecret } = FLOWS[connection.application]
  const isService = apis === 'service'
  // a personal token is issued by its user, who must be allowed to be one of this application
  const tokens = apis === 'referenceToken' ? 'AuthenticatedUsers' : 'None'
  return {
    Name: NAME,
    ApplicationUri: connection.clientId ?? SUGGESTED_URI,
    ClientType: clientSecret ? 'Confidential' : browser ? 'Public' : 'None',
    ...(secretHash === undefined ? {} : { ApplicationSecretHash: secretHash }),
    ImpersonateLoginUrl: redirectUris(wishes, 'callback').join(','),
    ImpersonateLogoutUrl: redirectUris(wishes, 'signed-out').join(','),
    ImpersonateAsInternalUserAllowed: !isService || browser,
    ImpersonateAsCommunityUserAllowed: isService && browser,
    SystemUserAllowed: isService,
    SystemUser: isService ? systemUser : '',
    Scope: scopeOf(connection),
    AccessTokens: tokens,
    ReferenceTokens: tokens,
    BasicAuthenticationAllowed: false,
    IsEnabled: true,
  }
}

/** A portal asks for both: who signs in, and what it does by itself. */
function scopeOf(connection: Connection): string {
  const { browser, apis } = FLOWS[connection.application]
  const signIn = browser ? requestedScopes(connection) : []
  return [...new Set([...signIn, ...(apis === 'user' ? [] : connection.scopes)])].join(' ')
}

/** ERP.net compares them to the letter, port included. */
function redirectUris({ connection, ports }: ApplicationWishes, page: 'callback' | 'signed-out'): string[] {
  return FLOWS[connection.application].browser ? ports.map(port => `http://127.0.0.1:${port}/${page}`) : []
}

/** Encoded once. The link takes one redirect address; the others are added by hand. */
function installLink(wishes: ApplicationWishes, attributes: Attributes): string {
  const { browser, apis } = FLOWS[wishes.connection.application]
  const isService = apis === 'service'
  const isToken = apis === 'referenceToken'
  const [redirectUri] = redirectUris(wishes, 'callback')
  const parameters: readonly (readonly [name: string, value: string | undefined])[] = [
    ['applicationUri', String(attributes['ApplicationUri'])],
    ['applicationName', NAME],
    // `None` is what the link takes without being told
    ['clientType', isToken ? undefined : String(attributes['ClientType'])],
    ['redirectUri', redirectUri],
    ['impersonate', isService ? (browser ? 'all' : 'none') : 'internal'],
    ['serviceAccess', isService ? 'clientCredentials' : 'none'],
    ['referenceTokens', isToken ? 'authenticatedUsers' : 'none'],
    ['scope', String(attributes['Scope'])],
  ]
  const query = parameters.flatMap(([name, value]) => value === undefined ? [] : `${name}=${encodeURIComponent(value)}`)
  return `${wishes.root}/manage/apps/install?${query.join('&')}`
}

/** In the form of ERP.net's guide: the user is a reference, and `ReferenceTokens` is the name from 26.2 on. */
function requestBody(attributes: Attributes): Readonly<Record<string, unknown>> {
  const own = Object.entries(attributes).filter(([name, value]) => value !== '' && name !== 'AccessTokens')
  const body = own.map(([name, value]) => name === 'SystemUser' ? [name, { '@odata.id': UNKNOWN_USER }] : [name, value])
  return Object.fromEntries(body) as Readonly<Record<string, unknown>>
}
