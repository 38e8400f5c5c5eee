import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { readConnection, type Connection } from '../../src/core/instance/connection.ts'
import { Accounts, type AccountChange } from '../../src/extension/signIn/accounts.ts'
import type { Sessions } from '../../src/extension/signIn/sessions.ts'
import { useEngine } from '../fakes/engine.ts'
import { fails } from '../fakes/fails.ts'
import { FormBrowser } from '../fakes/form-browser.ts'
import { Person } from '../fakes/person.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'

/** What VS Code's authentication gets to see of the sign-ins. */
describe('Accounts', () => {
  const engine = useEngine()
  const sandbox = useSandbox()
  let person: Person
  let list: Connection[]
  let edited: EventEmitter
  let sessions: Sessions
  let accounts: Accounts
  let changes: string[]

  beforeEach(async () => {
    const { clientId, redirectUris } = sandbox.applications.find(({ type }) => type === 'native')!
    const connection = (id: string, more: Record<string, unknown> = {}): Connection =>
      readConnection({ id, name: id, url: sandbox.url, application: 'native', clientId, staySignedIn: true, ...more })
    list = [connection('one'), connection('two')]
    edited = new EventEmitter()
    person = new Person({ ports: redirectUris.map(uri => Number(new URL(uri).port)), user: user('ivan.petrov') })
    sessions = startSessions({ engine, secrets: new MemorySecrets(), ui: person })
    changes = []
    accounts = new Accounts({
      connections: {
        list: () => list,
        selected: () => list[0],
        onDidChange: listener => {
          edited.on('change', listener)
          return { dispose: () => edited.off('change', listener) }
        },
      },
      sessions,
      changed: change => changes.push(...words(change)),
    })
    await signIn('one', 'ivan.petrov')
    await signIn('two', 'admin')
  })

  afterEach(() => {
    accounts.dispose()
    sessions.dispose()
  })

  const user = (login: string) => sandbox.users.find(candidate => candidate.login === login)!
  const named = (id: string) => list.find(connection => connection.id === id)!

  async function signIn(id: string, login: string): Promise<void> {
    const browser = new FormBrowser()
    person.atPage = async url => person.visit(await browser.signIn(url, user(login)))
    await sessions.signIn(named(id))
    await person.browsed()
  }

  function edit(change: () => void): void {
    change()
    edited.emit('change')
  }

  /** What was told since the last time. Looks at sessions read memory alone here, so that they are through in a turn. */
  async function told(): Promise<string[]> {
    await setImmediate()
    return changes.splice(0)
  }

  function words({ added, removed, changed }: AccountChange): string[] {
    const label = ({ account }: { readonly account: { readonly label: string } }) => account.label
    return [...removed.map(session => `- ${label(session)}`), ...added.map(session => `+ ${label(session)}`), ...changed.map(session => `~ ${label(session)}`)]
  }

  it('are several at once, each with its own token', async () => {
    assert.deepEqual(await told(), ['+ Иван Петров (one)', '+ Sandbox Administrator (two)'])
    const [one, two, ...more] = await accounts.sessions([], undefined)
    assert.deepEqual([one?.account.id, two?.account.id, more], ['one', 'two', []])
    assert.notEqual(one?.accessToken, two?.accessToken)
    assert.deepEqual((await accounts.sessions([], 'two')).map(({ account }) => account.label), ['Sandbox Administrator (two)'])
    assert.deepEqual(await told(), [], 'who asks changes nothing')
  })

  it('are told of once: as changed after a renewal, as removed after a sign-out', async () => {
    await told()
    const accessToken = (await accounts.sessions([], 'one'))[0]?.accessToken
    await sessions.access(named('one'), { refused: accessToken })
    assert.deepEqual(await told(), ['~ Иван Петров (one)'])
    assert.notEqual((await accounts.sessions([], 'one'))[0]?.accessToken, accessToken)
    person.atPage = url => person.press(url, { logout: 'yes' })
    await sessions.signOut(named('two'))
    await person.browsed()
    assert.deepEqual(await told(), ['- Sandbox Administrator (two)'])
    assert.deepEqual((await accounts.sessions([], undefined)).map(({ id }) => id), ['one'])
  })

  it('are others for another person', async () => {
    await told()
    await signIn('one', 'admin')
    assert.deepEqual(await told(), ['- Иван Петров (one)', '+ Sandbox Administrator (one)'])
  })

  it('go by the list of connections, however it was changed', async () => {
    await told()
    edit(() => (list = list.map(connection => connection.id === 'one' ? { ...connection, name: 'First' } : connection)))
    assert.deepEqual(await told(), ['- Иван Петров (one)', '+ Иван Петров (First)'])
    const two = named('two')
    edit(() => (list = list.filter(connection => connection !== two)))
    assert.deepEqual(await told(), ['- Sandbox Administrator (two)'])
    edit(() => (list = [...list, two]))
    assert.deepEqual((await accounts.sessions([], 'two')).length, 1)
    assert.deepEqual(await told(), ['+ Sandbox Administrator (two)'])
  })

  it('give nobody a session without the scopes that they ask for', async () => {
    assert.equal((await accounts.sessions(['read'], undefined)).length, 2)
    assert.equal((await accounts.sessions(['openid', 'profile', 'read'], 'one')).length, 1)
    assert.deepEqual(await accounts.sessions(['read', 'update'], undefined), [])
  })

  it('ask nobody to sign in for scopes that no connection asks for', async () => {
    person.atPage = () => assert.fail('a browser was opened')
    await fails(accounts.signIn(['read', 'update'], 'one'), 'scope-missing', { scope: 'update', place: 'connection' })
    await fails(accounts.signIn(['update'], undefined), 'scope-missing', { scope: 'update', place: 'connection' })
    await fails(accounts.signIn(['read'], 'three'), 'connection-unknown', { id: 'three' })
    edit(() => (list = []))
    await fails(accounts.signIn(['read'], undefined), 'no-connection')
  })

  it('come from the connection that asks for the scopes, and from one that is signed out', async () => {
    edit(() => (list = [...list, { ...named('one'), id: 'three', name: 'three', scopes: ['read', 'update'] }]))
    person.atPage = async url => person.visit(await person.browser.signIn(url, user('ivan.petrov')))
    const session = await accounts.signIn(['update'], undefined)
    assert.equal(session.id, 'three')
    assert.ok(session.scopes.includes('update'))
    await sessions.forget(named('two'))
    assert.equal((await accounts.signIn(['read'], undefined)).id, 'two')
    assert.equal((await accounts.signIn(['read'], undefined)).id, 'one')
  })
})
