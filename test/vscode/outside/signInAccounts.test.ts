import assert from 'node:assert/strict'
import { startDemo, type Demo } from '../host/demo.ts'
import { fillSignInPage, openedPage } from '../host/signIn.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

const SECOND = 'sandbox-2'

/** What VS Code and other extensions get to see of the sign-ins: the bridge is the other extension. */
describe('sign-in: VS Code’s accounts', () => {
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('signInAccounts')
    workbench = await openWorkbench({ trustedDomains: [demo.sandbox.url] })
    await workbench.evaluate(vscode => {
      const seen = globalThis as { changes?: number }
      seen.changes = 0
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id === 'erpnet') seen.changes = (seen.changes ?? 0) + 1
      })
    })
    await command('erpnet.connection.add', { ...demo.native, staySignedIn: true })
    await command('erpnet.connection.add', { ...demo.native, id: SECOND, name: 'Second' })
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  afterEach(() => demo.sandbox.control.clearQuirks())

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  async function signIn(id: string, login: string): Promise<void> {
    await workbench.context.clearCookies({ domain: new URL(demo.sandbox.url).hostname })
    let done: Promise<unknown> = Promise.resolve()
    const page = await openedPage(workbench.context, () => {
      done = command('erpnet.signIn', { id })
    })
    await fillSignInPage(page, demo.sandbox.users.find(user => user.login === login)!)
    await done
    await page.close()
  }

  /** Who is signed in, as every extension sees it. */
  function accounts(): Promise<readonly string[]> {
    return workbench.evaluate(async vscode =>
      (await vscode.authentication.getAccounts('erpnet')).map(({ id, label }) => `${id}: ${label}`))
  }

  /** Waits until VS Code has told extensions of a change, the only one since `action` began. */
  async function tellsOnce<T>(action: () => Promise<T>): Promise<T> {
    // a consent is told of as well
    await workbench.evaluate(() => {
      (globalThis as { changes?: number }).changes = 0
    })
    const result = await action()
    await until('a change', async () => await changes() > 0 ? true : undefined)
    assert.equal(await changes(), 1)
    return result
  }

  function changes(): Promise<number> {
    return workbench.evaluate(() => (globalThis as { changes?: number }).changes ?? 0)
  }

  interface Wish {
    readonly id: string
    readonly scopes: readonly string[]
    readonly silent?: boolean
  }

  /** Asks as another extension does. The token stays inside; its last letters tell it from others. */
  function session(wish: Wish): Promise<{ id: string, scopes: readonly string[], tail: string } | undefined> {
    return workbench.evaluate(async (vscode, { id, scopes, silent }) => {
      const account = (await vscode.authentication.getAccounts('erpnet')).find(candidate => candidate.id === id)!
      const options = silent === true ? { account, silent: true } : { account, createIfNone: true as const }
      const found = await vscode.authentication.getSession('erpnet', scopes, options)
      return found && { id: found.id, scopes: found.scopes, tail: found.accessToken.slice(-12) }
    }, wish)
  }

  async function allowed(wish: Wish): ReturnType<typeof session> {
    const dialog = workbench.page.locator('.monaco-dialog-box')
    const [found] = await Promise.all([session(wish), dialog.getByRole('button', { name: 'Allow' }).click()])
    return found
  }

  it('are two at once, for two people, and each is told as it comes', async () => {
    await tellsOnce(() => signIn(demo.native.id, 'ivan.petrov'))
    assert.deepEqual(await accounts(), ['sandbox: Иван Петров (Sandbox)'])
    await tellsOnce(() => signIn(SECOND, 'admin'))
    assert.deepEqual(await accounts(), ['sandbox: Иван Петров (Sandbox)', 'sandbox-2: Sandbox Administrator (Second)'])
  })

  it('stand in the Accounts menu, both', async () => {
    await workbench.page.getByRole('button', { name: 'Accounts' }).first().click()
    for (const name of ['Иван Петров (Sandbox)', 'Sandbox Administrator (Second)']) {
      await workbench.page.locator('.monaco-menu').getByText(name).first().waitFor()
    }
    await workbench.screenshot('out/signInAccounts/menu.png')
    await workbench.page.keyboard.press('Escape')
  })

  it('open to another extension when the person allows it, each with its own token', async () => {
    assert.equal(await session({ id: demo.native.id, scopes: ['read'], silent: true }), undefined)
    const one = await allowed({ id: demo.native.id, scopes: ['read'] })
    assert.deepEqual(one && { id: one.id, scopes: one.scopes.filter(scope => scope !== 'offline_access') },
      { id: 'sandbox', scopes: ['openid', 'profile', 'read'] })
    const two = await allowed({ id: SECOND, scopes: ['read'] })
    assert.equal(two?.id, SECOND)
    assert.notEqual(two.tail, one?.tail)
    assert.deepEqual(await session({ id: SECOND, scopes: ['read'], silent: true }), two, 'from then on without a question')
  })

  it('give no session to who wants more scopes than it has, and ask nobody to sign in for them', async () => {
    assert.equal(await session({ id: SECOND, scopes: ['read', 'update'], silent: true }), undefined)
    const pages = workbench.context.pages().length
    await assert.rejects(allowed({ id: SECOND, scopes: ['read', 'update'] }), /The scope “update” was not granted.*\[scope-missing\]/)
    assert.equal(workbench.context.pages().length, pages)
  })

  it('are changed by a renewal: extensions are told, and get the new token', async () => {
    const before = await session({ id: demo.native.id, scopes: ['read'], silent: true })
    await demo.sandbox.control.quirks({ 'token-revoked': 1 })
    await tellsOnce(() => command('erpnet.query.run', { connection: demo.native.id, text: 'Gen_Currencies?$top=1' }))
    const after = await session({ id: demo.native.id, scopes: ['read'], silent: true })
    assert.ok(after !== undefined && after.tail !== before?.tail)
    assert.equal((await accounts()).length, 2)
  })

  it('are there for reference tokens as well, by the name of the connection', async () => {
    await tellsOnce(() => command('erpnet.connection.add', demo.referenceToken))
    assert.equal((await accounts()).at(-1), 'sandbox-token: Sandbox (reference token)')
  })

  it('are removed by a sign-out, and with their connection', async () => {
    await tellsOnce(() => command('erpnet.connection.remove', { id: demo.referenceToken.id }))
    const page = await tellsOnce(() => openedPage(workbench.context, () => command('erpnet.signOut', { id: demo.native.id })))
    assert.deepEqual(await accounts(), ['sandbox-2: Sandbox Administrator (Second)'])
    await page.close()
    await tellsOnce(() => command('erpnet.connection.remove', { id: SECOND }))
    assert.deepEqual(await accounts(), [])
  })
})
