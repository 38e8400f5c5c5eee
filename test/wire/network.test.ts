import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect, createServer as createSocketServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ErrorCode } from '../../src/core/base/errors.ts'
import { readConnection } from '../../src/core/instance/connection.ts'
import { site, tableRoot } from '../../src/core/instance/instance.ts'
import { NO_SETTINGS, type NetworkSettings } from '../../src/core/instance/way.ts'
import { Company } from '../fakes/company.ts'
import { fails } from '../fakes/fails.ts'
import { Person } from '../fakes/person.ts'
import { CERTIFICATE, KEY } from '../fakes/privateCa.ts'
import { proxyIsInstalled, type ProxyUnderTest } from '../fakes/proxy.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'
import { plainRun } from '../fakes/plainRun.ts'
import { freePort } from './servers.ts'

/** The engine behind a real proxy, with a real private certificate authority. */
describe('Network', () => {
  let company: Company
  let proxy: ProxyUnderTest

  before(async function () {
    if (!proxyIsInstalled()) this.skip()
    company = await Company.start()
  })

  after(() => (company as Company | undefined)?.stop())

  beforeEach(async () => {
    company.begin()
    proxy = await company.proxy()
    company.set({ proxy: proxy.url, environment: company.trusting() })
  })

  afterEach(() => company.end())

  describe('everything goes through the proxy', () => {
    const ways: [name: string, choose: () => Partial<NetworkSettings>][] = [
      ['http.proxy', () => ({ proxy: proxy.url })],
      ['HTTPS_PROXY', () => ({ proxy: '', environment: company.trusting({ HTTPS_PROXY: proxy.url }) })],
    ]
    for (const [name, choose] of ways) {
      it(`that ${name} names: discovery, sign-in, model and rows`, async () => {
        company.set(choose())
        const { engine, sandbox: { applications, referenceToken: token }, world, log } = company
        const instance = await company.discover()
        const identity = { issuer: site(instance, 'ID').url, clientId: applications[0]!.clientId }
        await fails(engine.call('renewTokens', { ...identity, refreshToken: 'unknown' }), 'sign-in-refused', { error: 'invalid_grant' })
        const base = tableRoot(site(instance, 'TableAPI'))
        const place = { folder: mkdtempSync(join(tmpdir(), 'erpnet-models-')), root: instance.root, language: 'en' }
        const { tables = '[]' } = await engine.call('loadTables', { ...place, api: { base, token } })
        assert.ok((JSON.parse(tables) as unknown[]).length > 5)
        const { rows } = await engine.call('query', { run: plainRun(`${base}Gen_Documents`, 3), token }, { onBatch: () => undefined })
        assert.equal(rows, 3)

        assert.deepEqual([...new Set(await proxy.connections(1))], ['instance.test:443'])
        for (const part of ['auto-discovery', 'token', '$metadata', 'Gen_Documents']) {
          assert.ok(world.paths.some(path => path.endsWith(part)), `${part} was asked for`)
        }
        assert.ok(log.includes(`debug instance.test: through the proxy ${proxy.url} (${name})`), log.join('\n'))
      })
    }

    it('encrypted on the way to it as well', async () => {
      company.set({ proxy: await encrypted(proxy) })
      await company.discover()
      assert.deepEqual(await proxy.connections(1), ['instance.test:443'])
    })

    it('but what http.noProxy excludes, and what is on this machine', async () => {
      company.set({ noProxy: ['instance.test'] })
      await fails(company.discover(), 'host-not-found', { host: 'instance.test' })
      const { url } = company.sandbox
      await company.engine.call('discover', { address: url })
      company.set({ noProxy: [] })
      await company.discover()
      assert.deepEqual(await proxy.connections(1), ['instance.test:443'], 'only once')
      assert.ok(company.log.includes('debug instance.test: directly (noProxy)'))
      assert.ok(company.log.includes(`debug ${new URL(url).host}: directly (loopback)`))
    })

    it('a whole sign-in: the code, the renewal, the end of the session; the browser goes its own way', async () => {
      const { engine, sandbox, world } = company
      const { clientId, redirectUris } = sandbox.applications.find(({ type }) => type === 'native')!
      const person = new Person({ ports: redirectUris.map(uri => Number(new URL(uri).port)), user: sandbox.users[0]! })
      const sessions = startSessions({ engine, secrets: new MemorySecrets(), ui: person })
      company.atEnd(() => sessions.dispose())
      const connection = readConnection({ id: 'company', url: world.url, application: 'native', clientId, staySignedIn: true })
      /** The person's browser is no part of this: it meets the instance without a proxy. */
      const inBrowser = (action: (url: string) => Promise<void>) => (url: string): Promise<void> => {
        assert.ok(url.startsWith(`${world.url}/id/`), url)
        return action(url.replace(world.url, sandbox.url))
      }
      const asked = (part: string): number => world.paths.filter(path => path.endsWith(part)).length

      person.atPage = inBrowser(async url => person.visit(await person.browser.signIn(url, sandbox.users[0]!)))
      await sessions.signIn(connection)
      await person.browsed()
      assert.deepEqual([asked('/auto-discovery'), asked('/token')], [1, 1])
      const { token, instance } = await sessions.access(connection)
      const { token: renewed } = await sessions.access(connection, { refused: token })
      assert.notEqual(renewed, token)
      assert.equal(asked('/token'), 2)
      const base = tableRoot(site(instance, 'TableAPI'))
      assert.ok(await engine.call('resources', { base, token: renewed }) > 5)

      const discoveries = asked('/openid-configuration')
      person.atPage = inBrowser(url => person.press(url, { logout: 'yes' }))
      await sessions.signOut(connection)
      assert.equal(await person.wasSignedOut(), 'freed')
      await person.browsed()
      assert.ok(asked('/openid-configuration') > discoveries, 'the address of the sign-out was asked for')
      assert.deepEqual([...new Set(await proxy.connections(1))], ['instance.test:443'])
      assert.deepEqual(company.log.filter(line => line.includes('directly')), [])
    })

    it('and a cancelled stream closes its socket at the instance', async () => {
      const { abort, done, closed } = await company.readEndless()
      abort.abort()
      await fails(done, 'cancelled')
      await closed
    })
  })

  describe('the proxy', () => {
    const basic = `Basic ${Buffer.from('ivan:s3cret').toString('base64')}`
    const as = (login: string): string => proxy.url.replace('//', `//${login}@`)
    const logins: [what: string, choose: () => Partial<NetworkSettings>, code?: ErrorCode][] = [
      ['lets in who is named in http.proxy', () => ({ proxy: as('ivan:s3cret') })],
      ['lets in who is named in HTTPS_PROXY', () => ({ proxy: '', environment: company.trusting({ HTTPS_PROXY: as('ivan:s3cret') }) })],
      ['lets in whom http.proxyAuthorization names', () => ({ proxyAuthorization: basic })],
      ['refuses a wrong password', () => ({ proxy: as('ivan:wr0ng') }), 'proxy-authentication'],
      ['refuses who doesn’t say a name', () => ({}), 'proxy-authentication'],
    ]
    for (const [what, choose, code] of logins) {
      it(what, async () => {
        proxy = await company.proxy({ login: 'ivan s3cret' })
        company.set({ proxy: proxy.url, ...choose() })
        const said = company.log
        if (code === undefined) await company.discover()
        else said.push((await fails(company.discover(), code, { proxy: proxy.url })).message)
        assert.match(said.join(), /through the proxy/)
        for (const secret of ['ivan', 's3cret', 'wr0ng', basic]) assert.ok(!said.join().includes(secret), said.join())
      })
    }

    it('is down', async () => {
      const address = `127.0.0.1:${await freePort()}`
      company.set({ proxy: `http://ivan:s3cret@${address}` })
      const { message } = await fails(company.discover(), 'proxy-unreachable', { proxy: `http://${address}`, reason: 'connection-refused' })
      assert.doesNotMatch(message, /s3cret/)
    })

    it('hangs up', async () => {
      const port = await listen(createSocketServer(socket => socket.on('data', () => socket.destroy())))
      company.set({ proxy: `http://127.0.0.1:${port}` })
      await fails(company.discover(), 'proxy-unreachable', { reason: 'connection-cut' })
    })

    it('forbids the instance', async () => {
      proxy = await company.proxy({ onlyPort: 8443 })
      company.set({ proxy: proxy.url })
      await fails(company.discover(), 'proxy-refused', { proxy: proxy.url, host: 'instance.test:443', status: 403 })
    })

    it('doesn’t find the instance', async () => {
      const elsewhere = company.engine.call('discover', { address: 'https://elsewhere.test' })
      await fails(elsewhere, 'proxy-refused', { host: 'elsewhere.test:443', status: 502 })
    })

    it('is no address', async () => {
      company.set({ proxy: 'ivan:s3cret@' })
      const { message } = await fails(company.discover(), 'proxy-invalid', { setting: 'http.proxy' })
      assert.doesNotMatch(message, /s3cret/)
    })

    it('is not trusted itself', async () => {
      const secure = await encrypted(proxy)
      company.set({ proxy: secure, environment: company.environment() })
      await fails(company.discover(), 'certificate-invalid', { host: new URL(secure).host })
    })
  })

  describe('certificates', () => {
    it('of an authority that nobody knows are refused, and a change of settings counts at once', async () => {
      company.set({ environment: company.environment() })
      await fails(company.discover(), 'certificate-invalid', { host: 'instance.test' })
      company.set({ environment: company.trusting() })
      await company.discover()
    })

    it('are checked on a direct way too', async () => {
      const address = `https://127.0.0.1:${company.world.port}`
      company.set({ environment: company.environment() })
      await fails(company.engine.call('discover', { address }), 'certificate-invalid', { host: new URL(address).host })
      company.set({ environment: company.trusting() })
      await company.engine.call('discover', { address })
    })

    it('are not checked without http.proxyStrictSSL, and the log warns', async () => {
      company.set({ environment: company.environment(), proxyStrictSSL: false })
      await company.discover()
      assert.ok(company.log.includes('warn Certificates are not checked: http.proxyStrictSSL is off'))
    })

    it('that cannot be read are told of', async () => {
      company.set({ environment: company.environment({ NODE_EXTRA_CA_CERTS: `${company.authority}.missing` }) })
      await fails(company.discover(), 'certificate-invalid')
      assert.ok(company.log.some(line => line.startsWith('warn NODE_EXTRA_CA_CERTS: ENOENT')))
    })

    it('of the operating system’s authorities are trusted, unless http.systemCertificates is off', async () => {
      assert.equal(await discoverInOtherSystem({ systemCertificates: true }), 'found')
      assert.equal(await discoverInOtherSystem({ systemCertificates: false }), 'certificate-invalid')
    })

    /** A process reads the system's store once, from where OpenSSL is told to look. */
    async function discoverInOtherSystem(settings: Partial<NetworkSettings>): Promise<string> {
      const source = (file: string): string => JSON.stringify(new URL(`../../src/node/${file}`, import.meta.url).href)
      const program = `
        import { discover } from ${source('discovery.ts')}
        import { Network, useNetwork } from ${source('network.ts')}
        useNetwork(new Network(${JSON.stringify({ ...NO_SETTINGS, proxy: proxy.url, ...settings })}))
        console.log(await discover({ address: '${company.world.url}' }).then(() => 'found', error => error.code))
        process.exit()`
      const env = { ...process.env, SSL_CERT_FILE: company.authority, NODE_EXTRA_CA_CERTS: '' }
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env })
      return stdout.trim()
    }
  })

  /** Companies may encrypt the way to their proxy too; `tinyproxy` leaves that to others. */
  async function encrypted({ url }: ProxyUnderTest): Promise<string> {
    const port = await listen(createTlsServer({ key: KEY, cert: CERTIFICATE }, socket => {
      const onwards = connect(Number(new URL(url).port), '127.0.0.1')
      socket.pipe(onwards).pipe(socket)
      socket.on('error', () => onwards.destroy()).on('close', () => onwards.destroy())
      onwards.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    }))
    return `https://localhost:${port}`
  }

  async function listen(server: Server): Promise<number> {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    company.atEnd(() => server.close())
    return (server.address() as AddressInfo).port
  }
})
