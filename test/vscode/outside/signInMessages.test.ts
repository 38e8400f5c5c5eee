import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { freePort } from '../../wire/servers.ts'
import { startDemo, type Demo } from '../host/demo.ts'
import { root } from '../host/places.ts'
import { fillSignInPage, keepFromComingBack, openedPage } from '../host/signIn.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

const PICTURES = join(root, 'out/signInMessages')
const BULGARIAN = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.bg.json'), 'utf8')) as Record<string, string>

/** What sign-in and sign-out say, word for word, with pictures in every theme. */
for (const language of ['en', 'bg']) {
  describe(`sign-in: its messages (${language})`, () => {
    let demo: Demo
    let workbench: Workbench

    before(async () => {
      demo = await startDemo(`signInMessages-${language}`)
      // no address is trusted: VS Code asks before it opens the browser, and a person may say no
      workbench = await openWorkbench({ language })
      const { native, sandbox: { url } } = demo
      for (const connection of [
        native,
        { ...native, id: 'customers', clientId: 'com.example/community' },
        { ...native, id: 'no-scope', scopes: [] },
        { ...native, id: 'too-much', clientId: 'com.example/viewer', scopes: ['read', 'update'] },
        { id: 'service', name: 'Sandbox', url, application: 'service', clientId: 'com.example/stock-sync', clientSecret: 'wrong' },
        demo.referenceToken,
      ]) await command('erpnet.connection.add', connection)
      // before other pages come and go: the first notebook after them is sometimes left blank by the editor
      await command('erpnet.notebook.new', { connection: demo.native.id, cells: [{ kind: 'query', text: 'Gen_Documents?$top=1' }] })
    })

    after(async () => {
      await workbench.close()
      await demo.sandbox.stop()
    })

    beforeEach(async () => {
      await workbench.page.bringToFront() // an editor that lies behind another page doesn't come to its end
      await command('notifications.clearAll')
      await command('notifications.hideList')
      await forgetBrowser()
    })

    afterEach(async () => {
      await configure('erpnet.auth.timeoutSeconds', undefined)
      await configure('erpnet.auth.redirectPorts', undefined)
      for (const page of workbench.context.pages()) if (page !== workbench.page) await page.close()
    })

    function command(id: string, argument?: unknown): Promise<unknown> {
      return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
    }

    function configure(name: string, value: unknown): Promise<unknown> {
      return workbench.evaluate(async (vscode, setting) =>
        vscode.workspace.getConfiguration().update(setting.name, setting.value, vscode.ConfigurationTarget.Global), { name, value })
    }

    /** VS Code's question whether to open the browser; it speaks English always. */
    function answer(button: 'Open' | 'Cancel'): Promise<void> {
      return workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click()
    }

    /** As a person starts it, who is told how it ends. */
    async function start(id: string, what: 'erpnet.signIn' | 'erpnet.signOut' = 'erpnet.signIn'): Promise<{ page: Page, end: Promise<unknown> }> {
      let end: Promise<unknown> = Promise.resolve()
      await command('notifications.clearAll')
      const page = await openPage(() => {
        end = command(what, { id, interactive: true })
      })
      return { page, end }
    }

    function openPage(action: () => unknown): Promise<Page> {
      return openedPage(workbench.context, async () => {
        await action()
        await answer('Open')
      })
    }

    async function signIn(id: string, login = 'ivan.petrov'): Promise<void> {
      const { page, end } = await start(id)
      await fillSignInPage(page, user(login))
      await end
      await page.close()
    }

    function user(login: string): { login: string; password: string } {
      return demo.sandbox.users.find(candidate => candidate.login === login)!
    }

    async function forgetBrowser(): Promise<void> {
      await workbench.context.clearCookies({ domain: new URL(demo.sandbox.url).hostname })
    }

    /** A text of ours in the language, with its facts. */
    function words(text: string, ...facts: readonly string[]): string {
      const translated = language === 'en' ? text : BULGARIAN[text] ?? `no translation of ${text}`
      return translated.replaceAll(/\{(\d)\}/g, (_, index: string) => facts[Number(index)] ?? '')
    }

    async function pictures(name: string, of: Locator): Promise<void> {
      await workbench.page.bringToFront() // what lies behind another page is drawn slowly
      await workbench.page.mouse.move(0, 0) // no tooltip in the pictures
      await workbench.inThemes(theme => of.screenshot({ path: join(PICTURES, `${name}-${language}-${theme}.png`) }))
    }

    /** Waits until the message that says all that is alone, and takes its pictures. */
    async function says(name: string, ...texts: readonly string[]): Promise<Locator> {
      // in the list, since VS Code shows no more than three notifications of the same 800 ms by themselves
      await command('notifications.showList')
      const items = workbench.page.locator('.notifications-center .notification-list-item')
      const item = texts.reduce((found, text) => found.filter({ hasText: text }), items)
      await item.waitFor()
      await until('it to be alone', async () => await items.count() === 1 || undefined)
      const expand = item.getByRole('button', { name: 'Expand Notification' })
      if (await expand.isVisible()) await expand.click()
      await pictures(name, item)
      return item
    }

    it('the browser could not be opened', async () => {
      const end = command('erpnet.signIn', { id: demo.native.id, interactive: true })
      await answer('Cancel')
      await end
      await says('no-browser', words('The browser could not be opened.'), words('Sign in again and let the editor open it, or connect with a reference token.'))
    })

    it('an answer that belongs to something else', async () => {
      const { page, end } = await start(demo.native.id)
      const { address } = await keepFromComingBack(page)
      await fillSignInPage(page, user('ivan.petrov'))
      const changed = new URL(await address)
      changed.searchParams.set('iss', 'https://other.example')
      await (await workbench.context.newPage()).goto(changed.href)
      await end
      await says('state', words('The browser’s answer does not belong to this sign-in.'), words('An old page may have been opened again. Close it and sign in once more.'))
    })

    it('an external user', async () => {
      await signIn('customers', 'elena.customer')
      await says(
        'external', words('{0} is an external user, and ERP.net opens its APIs to internal users alone.', 'Elena Customer'),
        words('Sign in as an internal user, or connect as the portal’s application (“portal”), which calls the APIs in its own name.'),
      )
    })

    it('a token that opens nothing', async () => {
      await signIn('no-scope')
      await says(
        'no-scope', words('The token of {0} opens no API.', 'Иван Петров'),
        words('The scope “read” was not granted: check the scopes of the connection and Scope of the Trusted Application.'),
      )
    })

    it('scopes that the application may not have', async () => {
      const { end } = await start('too-much')
      await end
      await says('invalid-scope', 'invalid_scope', words('Check Scope of the Trusted Application: it must allow every scope of the connection.'))
    })

    it('a wrong secret', async () => {
      await command('erpnet.signIn', { id: 'service', interactive: true })
      await says(
        'invalid-client', 'invalid_client',
        words('Check ApplicationUri (the client_id), ClientType, the secret and IsEnabled of the Trusted Application.'),
      )
    })

    it('declined', async () => {
      const { page, end } = await start(demo.native.id)
      await page.getByRole('button', { name: 'Cancel' }).click()
      await end
      await says('denied', words('The sign-in was declined at the sign-in page.'), words('Nothing has changed. Sign in again when you like.'))
    })

    it('timed out', async () => {
      await configure('erpnet.auth.timeoutSeconds', 1)
      const end = command('erpnet.signIn', { id: demo.native.id, interactive: true })
      await end
      await answer('Cancel')
      await says(
        'timed-out', words('The browser did not come back within {0} s.', '1'),
        words('Sign in again, or allow more time with erpnet.auth.timeoutSeconds.'),
      )
    })

    it('no free port', async () => {
      const port = await freePort()
      await configure('erpnet.auth.redirectPorts', [port])
      const busy = createServer().listen(port, '127.0.0.1')
      await once(busy, 'listening')
      await command('erpnet.signIn', { id: demo.native.id, interactive: true })
      busy.close()
      await says(
        'ports', words('None of the ports for the sign-in is free: {0}.', String(port)),
        words('Close what uses them, or set erpnet.auth.redirectPorts to ports that are registered for the Trusted Application.'),
      )
    })

    it('under way, with the box for the browser’s answer', async () => {
      const { end } = await start(demo.native.id)
      const box = workbench.page.locator('.quick-input-widget')
      await box.getByText(words('Signing in to {0}: if the browser can’t come back', 'Sandbox')).waitFor()
      await pictures('box', box)
      await box.locator('input.input').fill('http://127.0.0.1:53177/callback?code=1&state=2')
      await box.getByText(words('This address belongs to another sign-in.')).waitFor()
      await pictures('box-wrong', box)
      await says('under-way', words('Signing in to {0}', 'Sandbox'), words('copy its address'), words('paste its answer'), words('what to register'))
      await workbench.page.locator('.notifications-center').getByRole('button', { name: 'Cancel' }).click()
      await end
    })

    it('signed in, and ended in the middle of work', async () => {
      await signIn(demo.native.id)
      await says('signed-in', words('Signed in to {0} as {1}.', 'Sandbox', 'Иван Петров'))
      await command('notifications.clearAll')
      await demo.sandbox.control.quirks({ 'token-revoked': 1 })
      await workbench.page.getByRole('button', { name: 'Run All' }).first().click()
      const question = await says('ended', words('Your session at {0} has ended. Sign in, and the work goes on.', 'Sandbox'))
      await forgetBrowser()
      const page = await openPage(() => question.getByRole('button', { name: words('Sign in') }).click())
      await fillSignInPage(page, user('ivan.petrov'))
      await workbench.notebookOutput().getByRole('status').first().waitFor()
      await page.close()
      await command('workbench.action.revertAndCloseActiveEditor')
    })

    it('signed out, with the session', async () => {
      await signIn(demo.native.id)
      await (await start(demo.native.id, 'erpnet.signOut')).end
      await says('freed', words('Signed out of {0}, and its licence slot is free.', 'Sandbox'))
    })

    it('signed out where the browser doesn’t tell', async () => {
      await signIn(demo.native.id)
      await command('notifications.clearAll')
      await configure('erpnet.auth.timeoutSeconds', 1)
      const end = command('erpnet.signOut', { id: demo.native.id, interactive: true })
      await answer('Cancel')
      await end
      await says('unknown', words('Signed out of {0} here, but the browser did not report the end of the session. Its licence slot becomes free after 20 idle minutes at the latest.', 'Sandbox'))
    })

    it('signed out where there is no session to end', async () => {
      const { id, name } = demo.referenceToken as { id: string; name: string }
      await command('erpnet.connection.test', { id })
      await command('erpnet.signOut', { id, interactive: true })
      await says('idle', words('Signed out of {0}. The tokens are forgotten here. Nobody can end such a session by hand: its licence slot becomes free after 20 idle minutes.', name))
    })
  })
}
