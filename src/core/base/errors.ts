/**
 * Every way in which the extension can fail, by name. Core and node throw these with facts alone;
 * the shell (`extension/platform/words.ts`) finds the words, the cure and the links in the user's language.
 * The names are published: `erpnet.query.run` and the extension's exports fail with them. Whatever ends a run may have
 * one fact more: rows, the number of those of the result that came before (`ResultBuilder.failure`).
 */
export const ERROR_CODES = [
  // what the user typed
  'address-invalid', // facts: address
  'address-insecure', // http: beyond loopback; facts: address
  'address-global-identity', // id.erp.net is not an instance
  'argument-invalid', // of a command; facts: name, expected (text, boolean, list, count)
  'connection-invalid', // facts: field, reason
  'connection-exists', // facts: id
  'connection-unknown', // facts: id
  'no-connection', // none is selected
  'reference-token-form', // facts: reason (never the token)
  'query-syntax', // facts: line, column (both from 1), found, expected
  'query-empty',
  'column-unknown', // facts: line, column, name, table (`$apply` for what that made), suggestion?, is? (`reference`, `column` or `list`, where another is due)
  'function-unknown', // facts: line, column, name, suggestion?
  'query-type', // a value of another type is due; facts: line, column, found, expected
  'query-division', // by zero, in a row
  'query-server-only', // the server alone can work with it, but a step that needs it has to be done here; facts: name
  'query-option', // an option that isn't offered; facts: option
  'variable-unknown', // facts: name
  'variable-cycle', // facts: name
  'variable-prompt', // a value that a person is to be asked for, where nobody can be; facts: label
  'variable-empty', // a column of a result without values; facts: name
  'table-unknown', // facts: table, suggestion?
  'entity-unknown', // facts: name, suggestion?
  'notebook-newer', // a format that we don't know yet; facts: version
  'language-unknown', // of generated types; facts: language
  'snapshot-invalid', // not a model that was saved; facts: line
  'types-other-file', // facts: file
  'file-not-read', // facts: file, reason
  // the way to the server
  'host-not-found', // facts: host
  'connection-refused', // facts: host
  'connection-timed-out', // facts: host
  'connection-cut', // the body ended early; facts: host
  'certificate-invalid', // facts: host, reason
  'proxy-invalid', // not an address; facts: setting (its name; what it says may hold a password)
  'proxy-unreachable', // facts: proxy, reason
  'proxy-authentication', // it wants to know who is there, or doesn't accept who says so; facts: proxy
  'proxy-refused', // it leads to nowhere; facts: proxy, host, status
  'network', // anything else on the way; facts: host, reason
  // what the server said
  'instance-not-found', // no auto-discovery there; facts: address
  'site-missing', // facts: site, address
  'site-not-working', // facts: site, address, description?
  'html-instead-of-data', // a sign-in or error page where data was due; facts: url, status
  'unauthorized', // 401; facts: url, token? (`jwt`, `service` or `reference`)
  'forbidden', // 403; facts: url, message?
  'not-found', // 404; facts: url, message?
  'url-too-long', // 414, 431, or 404 where it is; facts: host, characters
  'too-many-requests', // 429; facts: url, retryAfterSeconds?
  'no-licence', // MaximumLicenseCountExceeded; facts: url
  'server-error', // 5xx or ERP.net's error body; facts: url, status, message
  'unexpected-answer', // neither the data nor an error that we know; facts: url, status, reason
  'wrong-identity', // not this instance's own identity service; facts: issuer (the right one), named
  // sign-in
  'signed-out', // facts: connection
  'sign-in-denied', // the user said no at the page
  'sign-in-cancelled', // the user gave up in the editor
  'sign-in-timed-out', // facts: seconds
  'sign-in-state', // the callback doesn't belong to this sign-in
  'sign-in-refused', // by the identity service; facts: error, description
  'sign-in-ports-busy', // facts: ports
  'sign-in-no-browser',
  'sign-in-pasted', // an address that isn't the browser's answer; facts: reason (never the address)
  'no-api-access', // the token opens no API; facts: account, reason (`external` or `scope`)
  'scope-missing', // not granted; facts: scope, place (where to allow it: `connection` or `application`)
  'audience-missing', // the token isn't meant for that API; facts: audience
  'no-system-user', // the application has nobody to act as; facts: application
  'secret-not-kept', // the editor's secret store refused; facts: reason
  // the sandbox
  'sandbox-stopped', // it isn't running
  'sandbox-crashed', // it ended, and nobody wanted it
  'sandbox-not-started', // facts: reason
  'sandbox-node-too-old', // the editor's Node has no node:sqlite; facts: version
  // ourselves
  'lookup-too-large', // a table that can be looked up as a whole alone has too many rows for that; facts: table, megabytes
  'result-not-kept', // a temporary file for rows can't be written or read; facts: reason
  'engine-stopped', // the worker died in the middle
  'cancelled',
  'internal', // a bug of ours; facts: reason
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** What is known of a failure: plain values, no secrets; the shell puts them into words. */
export type Facts = Readonly<Record<string, string | number>>

/** A failure with a published code. `message` is for logs and developers: the code and its facts, in English. */
export class ErpError extends Error {
  override readonly name = 'ErpError'
  readonly code: ErrorCode
  readonly facts: Facts

  constructor(code: ErrorCode, facts: Facts = {}, options?: ErrorOptions) {
    super(describe(code, facts), options)
    this.code = code
    this.facts = facts
  }
}

/** Is it that failure? With a code, also that very one. */
export function isErpError(error: unknown, code?: ErrorCode): error is ErpError {
  return error instanceof ErpError && (code === undefined || error.code === code)
}

/** Turns whatever was thrown into an `ErpError`; what we did not expect is a bug of ours. */
export function asErpError(error: unknown): ErpError {
  if (error instanceof ErpError) return error
  if (error instanceof Error && error.name === 'AbortError') return new ErpError('cancelled', {}, { cause: error })
  return new ErpError('internal', { reason: error instanceof Error ? error.message : String(error) }, { cause: error })
}

function describe(code: ErrorCode, facts: Facts): string {
  const parts = Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`)
  return parts.length === 0 ? code : `${code} (${parts.join(', ')})`
}
