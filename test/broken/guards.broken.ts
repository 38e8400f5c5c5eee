import type { Break } from './break.ts'

const wire = (file: string, grep: string): Break['test'] => ({ file: `test/wire/${file}.test.ts`, grep })
const unit = (file: string, grep: string): Break['test'] => ({ file: `test/unit/${file}.test.ts`, grep })

const LOOPBACK = 'src/node/loopback.ts'
const IDENTITY = 'src/node/identity.ts'
const RENEWAL = 'src/core/auth/sessionRenewal.ts'
const ACCOUNTS = 'src/extension/signIn/accounts.ts'
const STORE = 'src/core/auth/sessionStore.ts'

/** The guards of the sign-in (ARCHITECTURE.md, "Sign-in: flows and guards"), each without effect. */
export default [
  // the listener
  {
    rule: 'only our own host name is answered',
    file: LOOPBACK, find: 'request.headers.host !== this.#authority || ', replace: '', test: wire('loopback', 'another host’s name'),
  },
  {
    rule: 'only the very path is the callback',
    file: LOOPBACK, find: 'url.pathname === this.#options.path)', replace: 'url.pathname.startsWith(this.#options.path))',
    test: wire('loopback', 'another path'),
  },
  {
    rule: 'the callback is a GET',
    file: LOOPBACK, find: "request.method !== 'GET'", replace: "request.method === 'PUT'", test: wire('loopback', 'ignores POST'),
  },
  {
    rule: 'the callback carries the state',
    file: LOOPBACK, find: '(states.length === 1 && states[0] === this.#state)', replace: 'states.length < 9',
    test: wire('loopback', 'another state'),
  },
  {
    rule: 'the first callback counts alone',
    file: LOOPBACK, find: "this.#stage !== 'waiting' || !isOurs", replace: "this.#stage === 'idle' || !isOurs",
    test: wire('loopback', 'a second callback'),
  },
  {
    rule: 'nobody else in the network reaches the listener',
    file: LOOPBACK, find: 'server.listen(port, HOST, ', replace: "server.listen(port, '0.0.0.0', ",
    test: wire('loopback', 'own interface alone'),
  },
  {
    rule: 'the browser leaves the address that carries the code',
    file: LOOPBACK, find: "'location': RESULT_PATH", replace: "'location': RESULT_PATH + url.search",
    test: wire('loopback', 'a page without the code'),
  },
  {
    rule: 'what a page shows is escaped',
    file: 'src/node/resultPage.ts', find: 'entities[letter] ?? letter', replace: "entities['x'] ?? letter",
    test: wire('loopback', 'a page without the code'),
  },
  // redeeming the code
  {
    rule: 'an answer to another sign-in is refused',
    file: IDENTITY, find: "callback.searchParams.get('state') !== params.state", replace: "params.state === ''",
    test: wire('signIn', 'checks what comes back another state'),
  },
  {
    rule: 'an answer of another issuer is refused',
    file: IDENTITY, find: 'if (issuer !== config', replace: "if (issuer === '' && issuer !== config", test: wire('signIn', 'another issuer'),
  },
  {
    rule: 'nonces are made for one sign-in',
    file: IDENTITY, find: 'const nonce = oidc.randomNonce()', replace: "const nonce = 'always-the-same'",
    test: wire('signIn', 'made for it alone'),
  },
  {
    rule: 'states are made for one sign-in',
    file: IDENTITY, find: 'const state = oidc.randomState()', replace: "const state = 'always-the-same'",
    test: wire('signIn', 'made for it alone'),
  },
  {
    rule: 'PKCE is by S256',
    file: IDENTITY, find: "code_challenge_method: 'S256'", replace: "code_challenge_method: 'plain'", test: wire('signIn', 'another verifier'),
  },
  {
    rule: 'every sign-in has a challenge',
    file: IDENTITY, find: 'code_challenge: await oidc.calculatePKCECodeChallenge(verifier),', replace: '',
    test: wire('signIn', 'another verifier'),
  },
  {
    rule: 'without an ID token and its nonce nobody has signed in',
    file: IDENTITY, find: 'expectedNonce: params.nonce,\n      pkceCodeVerifier: params.verifier,\n      idTokenExpected: true,',
    replace: 'pkceCodeVerifier: params.verifier,', test: wire('signIn', 'no ID token'),
  },
  {
    rule: 'a pasted answer belongs to this sign-in',
    file: 'src/core/auth/pastedAddress.ts', find: 'states.length !== 1 || states[0] !== state', replace: 'states.length !== 1',
    test: unit('auth/pastedAddress', 'other-sign-in'),
  },
  {
    rule: 'nobody asks for update who was not told to',
    file: 'src/core/auth/flows.ts', find: "['openid', 'profile', ...own]", replace: "['openid', 'profile', 'update', ...own]",
    test: unit('auth/flows', 'requestedScopes'),
  },
  {
    rule: 'an identity service that names another issuer is not asked for tokens',
    file: IDENTITY, find: 'skew = secondsBehind(answer)\n    return answer',
    replace: "skew = 0\n    return method === 'POST' ? answer : Response.json({ ...await answer.json() as object, issuer: client.issuer })",
    test: wire('signIn', 'a service that names another issuer'),
  },
  {
    rule: 'the test of a connection tells of another issuer',
    file: 'src/node/probes.ts', find: 'if (named !== issuer)', replace: "if (named === '')",
    test: wire('connectionTest', 'an identity service that names another issuer'),
  },
  // the way
  {
    rule: 'plain http goes to this machine alone',
    file: 'src/node/http.ts', find: 'if (!isSafe(target))', replace: "if (target.port === '1')",
    test: wire('http', 'plain http beyond this machine'),
  },
  {
    rule: 'a token follows no redirect',
    file: 'src/node/network.ts', find: "this.#dispatcher(await import('undici'), url, way), url",
    replace: "this.#dispatcher(await import('undici'), url, way).compose((await import('undici')).interceptors.redirect({ maxRedirections: 3 })), url",
    test: wire('http', 'the token goes nowhere else'),
  },
  {
    rule: 'a token belongs to the address that it was made at',
    file: STORE, find: 'return `${what} ${placeOf(connection)}`', replace: 'return `${what} ${connection.id}`',
    test: wire('signIn', 'sends no token to another address'),
  },
  // renewal
  {
    rule: 'windows renew one after another',
    file: RENEWAL, find: 'this.#parts.lock.hold(place, () => this.#renew(connection, refused))', replace: 'this.#renew(connection, refused)',
    test: unit('auth/sessionRenewal', 'for two windows'),
  },
  {
    rule: 'a new token is stored before it is used',
    file: RENEWAL, find: 'tokens.accessToken, renewed))', replace: 'tokens.accessToken, renewed).catch(() => true))',
    test: unit('auth/sessionRenewal', 'stores the new refresh token before'),
  },
  {
    rule: 'after invalid_grant the store is read again',
    file: RENEWAL, find: 'current.tokens.accessToken !== tokens.accessToken', replace: "current.tokens.accessToken === ''",
    test: unit('auth/sessionRenewal', 'takes what another window has renewed'),
  },
  {
    rule: 'trouble on the way is no sign-out',
    file: RENEWAL, find: 'if (!isInvalidGrant(outcome.reason))', replace: 'if (isInvalidGrant(undefined))',
    test: unit('auth/sessionRenewal', 'connection-refused is no sign-out'),
  },
  {
    rule: 'a token that an API has refused is renewed, once',
    file: RENEWAL, find: 'accessToken !== refused && expiresAt', replace: 'accessToken !== undefined && expiresAt',
    test: unit('auth/sessionRenewal', 'a token that an API has refused'),
  },
  {
    rule: 'who has signed out is not asked to sign in again',
    file: 'src/extension/signIn/sessions.ts', find: 'this.#again.forgo(connection)\n    this.#options.changes',
    replace: 'this.#options.changes', test: wire('signIn', 'is not asked for again after a sign-out'),
  },
  // other extensions
  {
    rule: 'nobody gets a session without the scopes that they ask for',
    file: ACCOUNTS, find: '.filter(session => missing(scopes, session.scopes) === undefined)', replace: '',
    test: wire('accounts', 'give nobody a session without the scopes'),
  },
  {
    rule: 'nobody is asked to sign in for scopes that no connection asks for',
    file: ACCOUNTS, find: 'if (fitting.length === 0 && scope !== undefined)', replace: "if (scope === '')",
    test: wire('accounts', 'ask nobody to sign in for scopes'),
  },
  // what is kept
  {
    rule: 'the ID token is kept for the sign-out',
    file: IDENTITY, find: '...(answer.id_token === undefined ? {} : { idToken: answer.id_token }),', replace: '',
    test: wire('signIn', 'which frees the slot'),
  },
  {
    rule: 'what can’t be read is set aside',
    file: STORE, find: 'old !== undefined && parse(old) === undefined', replace: "old === ''",
    test: unit('auth/sessionStore', 'sets aside what it can’t read'),
  },
  {
    rule: 'forgetting removes everything',
    file: STORE, find: 'const what of ENTRIES)', replace: 'const what of ENTRIES.slice(0, 1))',
    test: unit('auth/sessionStore', 'keeps a client secret beside the session'),
  },
  {
    rule: 'secrets live in memory by choice alone',
    file: 'src/core/auth/secretKeeper.ts', find: 'if (await this.#parts.askToKeepInMemory(reason)) {',
    replace: 'if (await this.#parts.askToKeepInMemory(reason) !== undefined) {',
    test: unit('auth/secretKeeper', 'where the person does not want that'),
  },
  // what is written
  {
    rule: 'foreign texts are redacted',
    file: 'src/core/base/redact.ts', find: 'return SECRETS.reduce((rest, [form, replacement]) => rest.replace(form, replacement), text)',
    replace: 'return text', test: wire('secretsInPlay', 'repeats in its errors'),
  },
  {
    rule: 'no token is logged',
    file: 'src/node/network.ts', find: 'const began = performance.now()',
    replace: "const began = performance.now()\n    this.#effects.log?.('debug', outgoing.headers['authorization'] ?? '')",
    test: wire('secretsInPlay', 'a native application signs in'),
  },
] satisfies readonly Break[]
