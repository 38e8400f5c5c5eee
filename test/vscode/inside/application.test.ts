import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { commands, env, workspace } from 'vscode'
import { readInsideRun } from '../host/insideRun.ts'

interface Description {
  readonly attributes: Readonly<Record<string, string | boolean>>
  readonly redirectUris: readonly string[]
  readonly installLink: string
  readonly secret?: string
  readonly secretHash?: string
  readonly request: { readonly method: string; readonly url: string; readonly body: Readonly<Record<string, unknown>> }
  readonly letter: string
}

/** `erpnet.token.inspect` and `erpnet.trustedApplication.describe`, as other extensions call them. */
describe('sign-in: token.inspect and trustedApplication.describe', () => {
  const { sandbox } = readInsideRun()

  before(async () => {
    await add({ id: 'inspect-token', application: 'referenceToken', referenceToken: sandbox.referenceToken })
    await add({ id: 'inspect-native', application: 'native', clientId: 'com.acme/erpnet-tools' })
    await add({ id: 'inspect-service', application: 'service', clientId: 'com.acme/robot' })
  })

  after(async () => {
    for (const id of ['inspect-token', 'inspect-native', 'inspect-service']) await commands.executeCommand('erpnet.connection.remove', { id })
  })

  it('a reference token tells nothing of itself', async () => {
    const inspection = await commands.executeCommand('erpnet.token.inspect', { id: 'inspect-token' })
    assert.deepEqual(inspection, {
      kind: 'reference', issuer: null, audiences: null, scopes: null, expires: null, subject: null, userType: null, service: null, findings: [],
    })
  })

  it('findings come with words', async () => {
    await add({ id: 'inspect-token', replace: true, application: 'referenceToken', referenceToken: 'pat-0123' })
    const { findings } = await commands.executeCommand<{ findings: { code: string; message: string }[] }>('erpnet.token.inspect', { id: 'inspect-token' })
    assert.deepEqual(findings.map(({ code }) => code), ['unusual-form'])
    assert.match(findings[0]!.message, /make a new one/)
    assert.doesNotMatch(JSON.stringify(findings), /pat-0123/)
  })

  it('who is signed out has no token', async () => {
    await assert.rejects(Promise.resolve(commands.executeCommand('erpnet.token.inspect', { id: 'inspect-native' })), /\[signed-out\]/)
  })

  it('a public application has the redirect addresses of the settings, and no secret', async () => {
    await workspace.getConfiguration('erpnet.auth').update('redirectPorts', [50_001], true)
    const { attributes, redirectUris, installLink, secret, secretHash, request, letter } = await describeFor('inspect-native')
    await workspace.getConfiguration('erpnet.auth').update('redirectPorts', undefined, true)
    assert.deepEqual([secret, secretHash], [undefined, undefined])
    assert.deepEqual(redirectUris, ['http://127.0.0.1:50001/callback'])
    assert.deepEqual([attributes['ClientType'], attributes['Scope']], ['Public', 'openid profile read'])
    assert.ok(installLink.startsWith(`${sandbox.url}/manage/apps/install?applicationUri=com.acme%2Ferpnet-tools&`))
    assert.deepEqual([request.method, request.url], ['POST', `${sandbox.url}/api/domain/odata/Systems_Security_TrustedApplications`])
    assert.ok(letter.includes(installLink) && letter.includes('ImpersonateLoginUrl: http://127.0.0.1:50001/callback'))
  })

  it('a service gets a new secret, of which the letter holds the hash alone', async () => {
    const clipboard = await env.clipboard.readText()
    const first = await describeFor('inspect-service')
    const { secret = '', secretHash = '', attributes, request, letter } = first
    assert.equal(createHash('sha256').update(secret).digest('base64'), secretHash)
    assert.deepEqual([attributes['ApplicationSecretHash'], request.body['ApplicationSecretHash']], [secretHash, secretHash])
    assert.ok(letter.includes(secretHash))
    assert.ok(!JSON.stringify({ ...first, secret: undefined }).includes(secret))
    assert.notEqual((await describeFor('inspect-service')).secret, secret)
    assert.equal(await env.clipboard.readText(), clipboard)
  })

  it('an instance that does not answer has its default addresses', async () => {
    await add({ id: 'inspect-native', replace: true, url: 'http://127.0.0.1:9', application: 'native', clientId: 'x' })
    assert.equal((await describeFor('inspect-native')).request.url, 'http://127.0.0.1:9/api/domain/odata/Systems_Security_TrustedApplications')
  })

  function add(args: Record<string, unknown>): Thenable<unknown> {
    return commands.executeCommand('erpnet.connection.add', { url: sandbox.url, ...args })
  }

  function describeFor(id: string): Thenable<Description> {
    return commands.executeCommand<Description>('erpnet.trustedApplication.describe', { id })
  }
})
