/**
 * What a server, a library or a person wrote, made fit for messages and logs.
 * Secrets are recognised by their form, so that a careless error page cannot carry one into a log.
 */

const HIDDEN = '[hidden]'

/** Names of parameters whose values open something: OAuth 2.0 (RFC 6749), PKCE (RFC 7636), OpenID Connect. */
const SECRET_NAMES =
  'access_token|refresh_token|id_token|id_token_hint|client_secret|code_verifier|code|password|x-api-key|api-key'

const SECRETS: readonly (readonly [RegExp, string])[] = [
  // reference tokens (protocol sheet, "Reference tokens")
  [/enrt_[0-9A-Za-z]+/gi, `enrt_${HIDDEN}`],
  // JWTs: three base64url parts, the first of which is a JSON object
  [/eyJ[\w-]{5,}\.[\w-]*\.?[\w-]*/g, HIDDEN],
  [/\b(Bearer|Basic)\s+(?!\[hidden\])[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  // name=value in addresses and forms, "name": "value" in JSON
  [new RegExp(`(?<![\\w-])(${SECRET_NAMES})=[^&\\s"'<>]+`, 'gi'), `$1=${HIDDEN}`],
  [new RegExp(`"(${SECRET_NAMES})"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `"$1":"${HIDDEN}"`],
  // user:password@ in an address
  [/(:\/\/)[^/\s@?#]+@/g, `$1${HIDDEN}@`],
]

/** Replaces everything that has the form of a token, code or password; the rest stays as it is. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [form, replacement]) => rest.replace(form, replacement), text)
}

/**
 * One line of a foreign text for people: no control or invisible characters, no secrets, at most `length` characters.
 */
export function plainLine(text: string, length = 500): string {
  const line = redact(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`
}
