import {
  createHash, createPublicKey, generateKeyPairSync, sign, verify, type JsonWebKey, type KeyObject,
} from 'node:crypto'

/** The RS256 key of this process; new at every start, so that the tokens of another run are foreign. */
export class SigningKey {
  /** With its private part: for the provider only. */
  readonly jwk: JsonWebKey & { kty: 'RSA' }
  readonly #private: KeyObject
  readonly #public: KeyObject

  constructor() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.jwk = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'sandbox', use: 'sig', alg: 'RS256' }
    this.#private = privateKey
    this.#public = createPublicKey(privateKey)
  }

  /** The ID token with `at_hash` (OpenID Connect Core, section 3.1.3.6), which the library leaves out beside a code. */
  withAccessTokenHash(idToken: string, accessToken: string): string {
    const [header = '', payload = ''] = idToken.split('.')
    const hash = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
    const claims = Buffer.from(JSON.stringify({ ...readJson(payload), at_hash: hash })).toString('base64url')
    const signature = sign('RSA-SHA256', Buffer.from(`${header}.${claims}`), this.#private).toString('base64url')
    return `${header}.${claims}.${signature}`
  }

  /** The claims of a JWT that this key has signed, of the given type; undefined for every other text. */
  claims(jwt: string, type: string): Readonly<Record<string, unknown>> | undefined {
    const [header = '', payload = '', signature = '', ...more] = jwt.split('.')
    const head = readJson(header)
    if (more.length > 0 || head?.['alg'] !== 'RS256' || head['typ'] !== type) return undefined
    const signed = verify(
      'RSA-SHA256', Buffer.from(`${header}.${payload}`), this.#public, Buffer.from(signature, 'base64url'),
    )
    return signed ? readJson(payload) : undefined
  }
}

function readJson(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
