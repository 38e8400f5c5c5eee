import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { bundleKeyring } from '../host/bundles.ts'
import { startDemo, type Demo } from '../host/demo.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** On a machine whose secret store keeps nothing, in Bulgarian. */
describe('sign-in: without a keyring', () => {
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('signInKeyring')
    workbench = await openWorkbench({ language: 'bg', extensions: [bundleKeyring()] })
    await command('erpnet-test.keyring.lock')
    await command('workbench.view.extension.erpnet')
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  const question = (): Locator => workbench.page.locator('.notification-toast', { hasText: 'Входът ви не може да се съхрани на тази машина' })

  const connections = (): Locator => workbench.page.getByRole('tree', { name: 'Връзки' })

  async function works(): Promise<boolean> {
    const { ok } = await command('erpnet.connection.test', { id: demo.referenceToken.id }) as { ok: boolean }
    return ok
  }

  it('asks whether to keep the sign-in in memory, and keeps it there', async () => {
    await command('erpnet.connection.add', demo.referenceToken)
    await question().getByText('no keyring').waitFor()
    assert.ok(await works(), 'nothing is lost before the person has chosen')
    await question().getByRole('button', { name: 'Пазене до затваряне на прозореца' }).click()
    await question().waitFor({ state: 'detached' })
    assert.ok(await works())
  })

  it('speaks Bulgarian in its views and commands', async () => {
    await connections().getByText('влезли сте').waitFor()
    await command('erpnet.signOut', { id: demo.referenceToken.id })
    await connections().getByText('без вход').waitFor()
  })

  it('forgets the sign-in after a reload', async () => {
    await command('erpnet.connection.add', { ...demo.referenceToken, replace: true })
    assert.ok(await works())
    await workbench.reload()
    assert.ok(!await works())
    await command('workbench.view.extension.erpnet') // a reload may be quicker than what remembers the view
    await connections().getByText('без вход').waitFor()
  })

  it('keeps nothing where the person signs out instead', async () => {
    await command('erpnet-test.keyring.lock')
    await command('erpnet.connection.add', { ...demo.referenceToken, replace: true })
    await connections().getByText('влезли сте').waitFor()
    await question().getByRole('button', { name: 'Изход' }).click()
    await connections().getByText('без вход').waitFor()
    assert.ok(!await works())
    await assert.rejects(command('erpnet.connection.add', { ...demo.referenceToken, replace: true }), { code: 'secret-not-kept' })
  })
})
