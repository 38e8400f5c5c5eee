import { l10n } from 'vscode'
import type { PastedFault } from '../../core/auth/pastedAddress.ts'
import type { TokenFault } from '../../core/auth/referenceToken.ts'
import { asErpError, type ErrorCode, type Facts } from '../../core/base/errors.ts'
import { GLOBAL_IDENTITY } from '../../core/instance/address.ts'
import type { ArgumentType } from './arguments.ts'
import { numberText } from './numbers.ts'
import { type Action, type Offer, toAction } from './offers.ts'
import { syntaxWords, typeFaultWords } from './queryWords.ts'
import { refusalCure, refusedTokenCure } from './refusalWords.ts'

/** A failure as a person reads it: what happened, what to do, and links that do it. */
export interface Words {
  readonly title: string
  readonly cure?: string
  readonly actions: readonly Action[]
}

/** What happened, what to do about it, and which links are offered. */
type Entry = (facts: Facts) => [title: string, cure: string | undefined, ...offers: Offer[]]

/** The one table of words for failures; the compiler sees to it that no code is left out. */
const WORDS: Record<ErrorCode, Entry> = {
  'address-invalid': ({ address }) => [l10n.t('“{0}” is not an address of an instance.', text(address)), l10n.t('Type its name (demodb), its host (demodb.my.erp.net) or its whole address.')],
  'address-insecure': ({ address }) => [l10n.t('“{0}” is not encrypted.', text(address)), l10n.t('Use https. Plain http is taken for this machine only (127.0.0.1, localhost).')],
  'address-global-identity': () => [l10n.t('id.erp.net is not an instance.'), l10n.t('It signs people in to other applications and never issues tokens for an instance. Type the address of the instance itself, such as demodb.my.erp.net.')],
  'argument-invalid': ({ name, expected }) => [l10n.t('The argument “{0}” is not right: {1}.', text(name), argumentReason(text(expected))), undefined],
  'connection-invalid': ({ field, reason }) => [l10n.t('The connection’s “{0}” is not right: {1}.', text(field), fieldReason(text(reason))), undefined, 'settings'],
  'connection-exists': ({ id }) => [l10n.t('There is a connection “{0}” already.', text(id)), l10n.t('Choose another id, or say that it is to be replaced.')],
  'connection-unknown': ({ id }) => [l10n.t('There is no connection “{0}”.', text(id)), l10n.t('Add it, or choose another one.'), 'addConnection', 'settings'],
  'no-connection': () => [l10n.t('No connection is selected.'), l10n.t('Add a connection to an instance first.'), 'addConnection'],
  'reference-token-form': ({ reason }) => [l10n.t('This is not a reference token: {0}.', tokenReason(text(reason))), l10n.t('A reference token begins with enrt_. It is made on the Profile site under Security, Tokens.')],
  'query-syntax': syntaxWords,
  'query-empty': () => [l10n.t('There is no query in this cell.'), l10n.t('Write one, such as Gen_Documents?$top=10')],
  'column-unknown': unknownColumn,
  'function-unknown': ({ line, column, name, suggestion }) => [
    l10n.t('Line {0}, column {1}: there is no function “{2}”.', text(line), text(column), text(name)),
    suggestion === undefined ? l10n.t('Completion (Ctrl+Space) lists the functions.') : l10n.t('Did you mean {0}?', text(suggestion)),
  ],
  'query-type': typeFaultWords,
  'query-division': () => [l10n.t('A row divides by zero.'), l10n.t('Leave such rows out first: Quantity ne 0 and …')],
  'query-server-only': ({ name }) => [l10n.t('Only the server can work with “{0}”, and this query needs it in a step that is done here.', text(name)), l10n.t('Ask for it in a query of its own, without or, not, ne, average and functions around it.')],
  'query-option': ({ option }) => [l10n.t('{0} cannot be used here.', text(option)), l10n.t('A query takes $select, $filter, $orderby, $top, $skip, $count, $expand and $apply.')],
  'variable-unknown': ({ name }) => [l10n.t('“{0}” is not defined.', text(name)), l10n.t('Define it in this notebook with @name = value, or run the cell that is named so first.')],
  'variable-prompt': ({ label }) => [l10n.t('The value “{0}” is to be asked for, and nobody can be asked here.', text(label)), l10n.t('Write it into the query instead of its {{$prompt …}}, or run the query in a notebook.')],
  'variable-cycle': ({ name }) => [l10n.t('The variable “{0}” needs itself.', text(name)), undefined],
  'variable-empty': ({ name }) => [l10n.t('There are no values in “{0}”.', text(name)), l10n.t('The result that it stands for has no rows, or nulls alone.')],
  'table-unknown': ({ table, suggestion }) => [
    l10n.t('The instance has no table “{0}”.', text(table)),
    suggestion === undefined ? l10n.t('The Tables view lists the tables. An entity of the Domain API is asked for as domain/{0}.', text(table)) : l10n.t('Did you mean {0}?', text(suggestion)),
  ],
  'notebook-newer': ({ version }) => [l10n.t('This notebook says that it is of format {0} (erpnb), which this extension does not know yet.', text(version)), l10n.t('Update the extension. The file can be read and edited meanwhile, and nothing of it gets lost.')],
  'entity-unknown': ({ name, suggestion }) => [
    l10n.t('The instance has no entity or table “{0}”.', text(name)),
    suggestion === undefined ? l10n.t('The Domain entities and Tables views list them. In queries entities begin with domain/, and tables do not.') : l10n.t('Did you mean {0}?', text(suggestion)),
  ],
  'language-unknown': ({ language }) => [l10n.t('There are no types in “{0}”.', text(language)), l10n.t('Choose typescript or csharp.')],
  'snapshot-invalid': ({ line }) => [l10n.t('Line {0} of the file is not that of a saved model.', text(line)), l10n.t('Save a snapshot of a model with Compare Models, or choose another file.')],
  'types-other-file': ({ file }) => [l10n.t('{0} was not made by Generate Types, so it is left as it is.', text(file)), l10n.t('Choose another file.')],
  'file-not-read': ({ file, reason }) => [l10n.t('{0} could not be read: {1}.', text(file), text(reason)), undefined],
  'host-not-found': ({ host }) => [l10n.t('There is no host {0}.', text(host)), l10n.t('Check the address and your network.'), 'settings'],
  'connection-refused': ({ host }) => [l10n.t('{0} refuses connections.', text(host)), l10n.t('Check the address and the port, and that the server is running.'), 'test'],
  'connection-timed-out': ({ host }) => [l10n.t('{0} does not answer.', text(host)), l10n.t('Check your network, VPN and proxy, and try again.'), 'test'],
  'connection-cut': ({ host }) => [l10n.t('The connection to {0} broke before the answer was complete.', text(host)), l10n.t('What has arrived is not the whole result. Run it again.')],
  'certificate-invalid': ({ host, reason }) => [l10n.t('The certificate of {0} is not trusted: {1}.', text(host), text(reason)), l10n.t('Check the address. A private certificate authority must be known to this machine (http.systemCertificates), or be in the file that NODE_EXTRA_CA_CERTS names. http.proxyStrictSSL set to false switches the check off.'), 'network', 'log'],
  'proxy-invalid': ({ setting }) => [l10n.t('{0} is not an address of a proxy.', text(setting)), l10n.t('Write it as http://host:port.'), 'network'],
  'proxy-unreachable': ({ proxy, reason }) => [l10n.t('The proxy {0} cannot be reached: {1}.', text(proxy), text(reason)), l10n.t('Check http.proxy and HTTPS_PROXY, or except the instance with http.noProxy.'), 'network', 'log'],
  'proxy-authentication': ({ proxy }) => [l10n.t('The proxy {0} wants other credentials.', text(proxy)), l10n.t('Set http.proxyAuthorization, or put user and password into http.proxy (http://user:password@host:port).'), 'network', 'log'],
  'proxy-refused': ({ proxy, host, status }) => [l10n.t('The proxy {0} makes no connection to {1} (status {2}).', text(proxy), text(host), text(status)), l10n.t('It must allow CONNECT to the instance. Ask who runs it, or except the instance with http.noProxy.'), 'network', 'log'],
  'network': ({ host, reason }) => [l10n.t('{0} could not be reached: {1}.', text(host), text(reason)), l10n.t('Check your network and try again.'), 'test', 'log'],
  'instance-not-found': ({ address }) => [l10n.t('There is no ERP.net instance at {0}.', text(address)), l10n.t('Neither /tools/auto-discovery nor /sys/auto-discovery answers there. Check the address.'), 'settings'],
  'site-missing': ({ site, address }) => [l10n.t('The instance {1} lists no {0} site.', text(site), text(address)), l10n.t('An administrator can publish it in the Instance Manager.'), 'test'],
  'site-not-working': ({ site, address, description }) => [l10n.t('The {0} site of {1} is not working.', text(site), text(address)), description === undefined ? l10n.t('Try again later, or ask an administrator.') : text(description), 'test'],
  'wrong-identity': ({ issuer, named }) => [
    l10n.t('{0} is not the identity service of this instance, which is {1}.', text(named), text(issuer)),
    text(named) === GLOBAL_IDENTITY
      ? l10n.t('id.erp.net signs people in to other applications and never issues tokens for an instance. An administrator must correct the address of the ID site in the Instance Manager.')
      : l10n.t('Only tokens of its own one open its APIs. Sign in again; if that does not help, an administrator must correct the address of the ID site in the Instance Manager.'),
    'signIn',
  ],
  'html-instead-of-data': ({ url }) => [l10n.t('{0} answered with a web page where data was due.', text(url)), l10n.t('Such a page is mostly a sign-in page: the address is not the API’s, or the session has ended.'), 'test', 'signIn'],
  'unauthorized': ({ url, token }) => [l10n.t('The instance does not accept the token any more ({0}).', text(url)), refusedTokenCure(token), 'signIn'],
  'forbidden': ({ url, message }) => [l10n.t('The instance does not allow this ({0}).', text(url)), message === undefined ? l10n.t('The scope “read”, the audience or the user’s rights are missing.') : text(message), 'test', 'application'],
  'not-found': ({ url, message }) => [l10n.t('There is nothing at {0}.', text(url)), message === undefined ? l10n.t('Check the name. The case of letters may matter.') : text(message)],
  'url-too-long': ({ host, characters }) => [l10n.t('The address of this request is too long for {0}: {1} characters.', text(host), text(characters)), l10n.t('Ask for fewer columns, or use fewer values in a list.')],
  'too-many-requests': ({ retryAfterSeconds }) => [
    l10n.t('The instance has too many requests to answer at the moment.'),
    retryAfterSeconds === undefined ? l10n.t('Wait a little and run it again.') : l10n.t('It asks to wait for {0} s.', text(retryAfterSeconds)),
  ],
  'no-licence': () => [l10n.t('No licence is free on this instance.'), l10n.t('Somebody must sign out; an idle session frees its licence within 20 minutes.')],
  'server-error': ({ message, status }) => [l10n.t('The instance answered: {0}', text(message ?? status)), undefined, 'log'],
  'unexpected-answer': ({ url, reason, status }) => [l10n.t('The answer of {0} could not be read: {1}.', text(url), text(reason ?? status)), undefined, 'test', 'log'],
  'signed-out': ({ connection }) => [l10n.t('You are not signed in to {0}.', text(connection)), undefined, 'signIn'],
  'sign-in-denied': () => [l10n.t('The sign-in was declined at the sign-in page.'), l10n.t('Nothing has changed. Sign in again when you like.'), 'signIn'],
  'sign-in-cancelled': () => [l10n.t('The sign-in was cancelled.'), undefined, 'signIn'],
  'sign-in-timed-out': ({ seconds }) => [l10n.t('The browser did not come back within {0} s.', text(seconds)), l10n.t('Sign in again, or allow more time with erpnet.auth.timeoutSeconds.'), 'signIn'],
  'sign-in-state': () => [l10n.t('The browser’s answer does not belong to this sign-in.'), l10n.t('An old page may have been opened again. Close it and sign in once more.'), 'signIn'],
  'sign-in-refused': ({ error, description }) => [l10n.t('The identity service refused the sign-in: {0}.', description === undefined ? text(error) : `${text(error)}, ${text(description)}`), refusalCure(text(error)), 'signIn', 'application', 'log'],
  'sign-in-ports-busy': ({ ports }) => [l10n.t('None of the ports for the sign-in is free: {0}.', text(ports)), l10n.t('Close what uses them, or set erpnet.auth.redirectPorts to ports that are registered for the Trusted Application.'), 'ports'],
  'sign-in-no-browser': () => [l10n.t('The browser could not be opened.'), l10n.t('Sign in again and let the editor open it, or connect with a reference token.'), 'signIn'],
  'sign-in-pasted': ({ reason }) => [pastedReason(text(reason)), undefined],
  'no-api-access': ({ account, reason }) => reason === 'external'
    ? [l10n.t('{0} is an external user, and ERP.net opens its APIs to internal users alone.', text(account)), l10n.t('Sign in as an internal user, or connect as the portal’s application (“portal”), which calls the APIs in its own name.'), 'signIn']
    : [l10n.t('The token of {0} opens no API.', text(account)), l10n.t('The scope “read” was not granted: check the scopes of the connection and Scope of the Trusted Application.'), 'settings'],
  'scope-missing': ({ scope, place }) => [
    l10n.t('The scope “{0}” was not granted.', text(scope)),
    ...(place === 'connection'
      ? [l10n.t('Add it to “scopes” of the connection, and sign in again.'), 'settings'] as const
      : [l10n.t('Add it to Scope of the Trusted Application, and sign in again.'), 'application', 'signIn'] as const),
  ],
  'audience-missing': ({ audience }) => [
    l10n.t('The token is not meant for {0}: its audience (aud) does not name it.', text(audience)),
    l10n.t('The APIs come into it with the scope “read”: check Scope of the Trusted Application and “scopes” of the connection, and sign in again. If both are right, an administrator must publish the site.'),
    'application', 'signIn',
  ],
  'no-system-user': ({ application }) => [
    l10n.t('The application {0} has no system user to act as.', text(application)),
    l10n.t('An administrator must set SystemUser, and SystemUserAllowed to true, of the Trusted Application.'), 'application',
  ],
  'secret-not-kept': ({ reason }) => [l10n.t('The editor’s secret store failed: {0}.', text(reason)), l10n.t('Check that the keyring of this machine is unlocked.'), 'log'],
  'sandbox-stopped': () => [l10n.t('The sandbox is not running.'), undefined, 'sandbox'],
  'sandbox-crashed': () => [l10n.t('The sandbox has ended unexpectedly.'), l10n.t('What it complained of is in the log.'), 'sandbox', 'log'],
  'sandbox-not-started': ({ reason }) => [l10n.t('The sandbox could not be started: {0}.', text(reason)), undefined, 'sandbox', 'log'],
  'sandbox-node-too-old': ({ version }) => [l10n.t('The sandbox needs a newer VS Code: this one’s Node ({0}) has no SQLite.', text(version)), l10n.t('Update VS Code. Connections to instances work as ever.')],
  'lookup-too-large': ({ table, megabytes }) => [
    l10n.t('{0} cannot be asked for by its key, and takes more than {1} MB as a whole.', text(table), text(megabytes)),
    l10n.t('Leave out what this query takes from it; its rows can be asked for in a query of their own.'),
  ],
  'result-not-kept': ({ reason }) => [l10n.t('The rows could not be kept: {0}.', text(reason)), l10n.t('Free some space on the disk, in the folder for temporary files. Results may also stay in memory (erpnet.results.memoryLimitMB).')],
  'engine-stopped': () => [l10n.t('The engine of the extension stopped in the middle of this.'), l10n.t('It starts again by itself. Run it once more.'), 'log'],
  'cancelled': () => [l10n.t('Cancelled.'), undefined],
  'internal': ({ reason }) => [l10n.t('Something went wrong in the extension: {0}.', text(reason)), l10n.t('Please report it with the log.'), 'log'],
}

/** Puts any failure into words. With a connection's id, the links act on that connection. */
export function wordsFor(failure: unknown, connectionId?: string): Words {
  const error = asErpError(failure)
  const [title, cure, ...offers] = WORDS[error.code](error.facts)
  const actions = offers.map(offer => toAction(offer, connectionId))
  const further = [rowsBefore(error.facts), cure].filter(part => part !== undefined)
  return further.length === 0 ? { title, actions } : { title, cure: further.join(' '), actions }
}

/** Of a run that has given rows before it failed. */
function rowsBefore({ rows }: Facts): string | undefined {
  if (typeof rows !== 'number') return undefined
  return rows === 1 ? l10n.t('1 row had come by then.') : l10n.t('{0} rows had come by then.', numberText(rows))
}

function unknownColumn({ line, column, name, table, suggestion, is }: Facts): [title: string, cure: string | undefined] {
  const place = [text(line), text(column), text(name), text(table)] as const
  switch (is) {
    case 'reference':
      return [
        l10n.t('Line {0}, column {1}: “{2}” of {3} is a reference, and a column is due.', ...place),
        suggestion === undefined
          ? l10n.t('Go on to a column behind it: {0}/…', text(name))
          : l10n.t('Its key is {0}; a column behind it is {1}/…', text(suggestion), text(name)),
      ]
    case 'column':
      return [
        l10n.t('Line {0}, column {1}: “{2}” of {3} is a column and no reference: no path leads through it, and it cannot be expanded.', ...place),
        suggestion === undefined ? undefined : l10n.t('Its number is {0}, in conditions, orders and groups.', text(suggestion)),
      ]
    case 'list':
      return [
        l10n.t('Line {0}, column {1}: “{2}” of {3} is a list: only $select and $expand take it.', ...place),
        l10n.t('Ask for its rows themselves: domain/{0}', text(suggestion)),
      ]
    default:
      return [
        table === '$apply'
          ? l10n.t('Line {0}, column {1}: $apply makes no column “{2}”.', text(line), text(column), text(name))
          : l10n.t('Line {0}, column {1}: {3} has no column or reference “{2}”.', ...place),
        suggestion === undefined
          ? l10n.t('Completion (Ctrl+Space) lists the columns. If a text is meant: \'{0}\'', text(name))
          : l10n.t('Did you mean {0}?', text(suggestion)),
      ]
  }
}

/** Reasons of `readPastedAddress`. */
function pastedReason(reason: string): string {
  switch (reason as PastedFault) {
    case 'no-address': return l10n.t('This is no address.')
    case 'other-page': return l10n.t('This is the address of another page.')
    case 'other-sign-in': return l10n.t('This address belongs to another sign-in.')
  }
}

/** Expectations of `checkArguments`. */
function argumentReason(expected: string): string {
  switch (expected as ArgumentType) {
    case 'text': return l10n.t('it must be a text')
    case 'boolean': return l10n.t('it must be true or false')
    case 'list': return l10n.t('it must be a list')
    case 'count': return l10n.t('it must be a whole number, 0 or more')
  }
}

/** Reasons of `readConnection`. */
function fieldReason(reason: string): string {
  switch (reason) {
    case 'missing': return l10n.t('it is missing')
    case 'text': return l10n.t('it must be a text')
    case 'boolean': return l10n.t('it must be true or false')
    case 'list': return l10n.t('it must be a list of texts')
    case 'form': return l10n.t('it does not have the right form')
    case 'unknown': return l10n.t('there is no such value')
    case 'token': return l10n.t('it holds a token, which must not be in the settings')
    default: return reason
  }
}

/** Reasons of `checkReferenceToken`. */
function tokenReason(reason: string): string {
  switch (reason as TokenFault) {
    case 'empty': return l10n.t('it is empty')
    case 'jwt': return l10n.t('it is an access token, which would expire within the hour')
    case 'bearer': return l10n.t('it is a whole header; only what follows “Bearer” or the colon is the token')
    case 'spaces': return l10n.t('there is white space in it')
    case 'characters': return l10n.t('there are characters in it that no token has')
  }
}

function text(fact: string | number | undefined): string {
  return fact === undefined ? '?' : String(fact)
}
