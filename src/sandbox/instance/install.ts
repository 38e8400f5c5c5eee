import { Problem } from '../http.ts'
import { SCOPES, words, type Application, type TokenPolicy } from '../identity/applications.ts'

/** Registering an application by link (protocol sheet, section 2): what the link says, and what becomes of it. */

/** The parameters that name one of a few values; the first is the default. */
const CHOICES = {
  clientType: ['None', 'Public', 'Confidential'],
  impersonate: ['none', 'internal', 'all'],
  serviceAccess: ['none', 'clientCredentials', 'referenceToken'],
  referenceTokens: ['none', 'authenticatedUsers', 'administratorsOnly'],
  requestSecret: ['false', 'true'],
} as const
const TEXTS = ['applicationUri', 'applicationName', 'redirectUri', 'scope']
const POLICIES: Readonly<Record<string, TokenPolicy>> = {
  none: 'None', authenticatedUsers: 'AuthenticatedUsers', administratorsOnly: 'AdministratorsOnly',
}

/**
 * The application that the link describes. Its secret, if it needs one, is none of the link's business: it is delivered
 * in the marketplace alone.
 * @throws Problem 400 for what isn't documented
 */
export function readInstallLink(query: URLSearchParams, known: readonly Application[]): Application {
  const names = [...query.keys()]
  const stranger = names.find(
    (name, index) => !(name in CHOICES || TEXTS.includes(name)) || names.indexOf(name) !== index,
  )
  if (stranger !== undefined) throw wrong(`The link must not say ${stranger}, or not twice.`)
  const clientId = required(query, 'applicationUri')
  if (known.some(application => application.clientId === clientId)) throw wrong(`${clientId} is registered already.`)
  const clientType = choice(query, 'clientType')
  const impersonate = choice(query, 'impersonate')
  const serviceAccess = choice(query, 'serviceAccess')
  choice(query, 'requestSecret')
  return {
    clientId, name: required(query, 'applicationName'), clientType, scope: scopes(query),
    type: clientType === 'Public' ? 'native' : impersonate !== 'none' ? 'confidential'
      : serviceAccess === 'clientCredentials' ? 'service' : 'referenceToken',
    secret: undefined, applicationSecretHash: undefined,
    impersonateLoginUrl: redirectUri(query, clientType === 'Public', impersonate !== 'none'), impersonateLogoutUrl: '',
    impersonateAsInternalUserAllowed: impersonate !== 'none',
    impersonateAsCommunityUserAllowed: impersonate === 'all',
    systemUserAllowed: serviceAccess !== 'none', systemUser: undefined,
    accessTokens: POLICIES[choice(query, 'referenceTokens')] ?? 'None',
    basicAuthenticationAllowed: false, isEnabled: true,
  }
}

/** Adds it, with a system user of its own where it needs one. */
export function register(applications: Application[], application: Application): void {
  const login = `${application.clientId.split('/').at(-1) ?? ''}.service`
  const systemUser = application.systemUserAllowed ? { id: crypto.randomUUID(), login } : undefined
  applications.push({ ...application, systemUser })
}

function choice<Name extends keyof typeof CHOICES>(query: URLSearchParams, name: Name): (typeof CHOICES)[Name][number] {
  const values: readonly (typeof CHOICES)[Name][number][] = CHOICES[name]
  const text = query.get(name) ?? values[0]
  const value = values.find(candidate => candidate === text)
  if (value === undefined) throw wrong(`${name} must be one of ${values.join(', ')}.`)
  return value
}

function required(query: URLSearchParams, name: string): string {
  const text = query.get(name)?.trim() ?? ''
  if (text === '') throw wrong(`The link must say ${name}.`)
  return text
}

function scopes(query: URLSearchParams): string {
  const asked = words(query.get('scope') ?? '')
  const stranger = asked.find(scope => !SCOPES.some(known => known === scope))
  if (stranger !== undefined) throw wrong(`There is no scope ${stranger}.`)
  return asked.join(' ')
}

/** For a public client the documents want HTTPS here, also where a loopback address is what it will use. */
function redirectUri(query: URLSearchParams, isPublic: boolean, needed: boolean): string {
  const text = needed ? required(query, 'redirectUri') : query.get('redirectUri') ?? ''
  if (text === '') return ''
  const protocols = isPublic ? ['https:'] : ['https:', 'http:']
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol) || /[,#]/.test(text)) {
    throw wrong(`redirectUri must be an absolute ${isPublic ? 'HTTPS ' : ''}address.`)
  }
  return text
}

function wrong(message: string): Problem {
  return new Problem(400, 'BadRequestException', message)
}
