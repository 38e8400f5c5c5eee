import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands, window, workspace } from 'vscode'
import { until } from '../host/until.ts'
import { closeAll, run } from './notebooks.ts'

interface Opened {
  readonly id: string
  readonly url: string
}

/** The sandbox as a user has it: VS Code's own Node runs the bundle of the packed extension. */
describe('sandbox: the commands', () => {
  /** The file by which windows find the process; known once the sample notebook, which lies beside it, was shown. */
  let file: string

  const open = (args: Record<string, unknown> = {}) => commands.executeCommand<Opened>('erpnet.sandbox.open', args)
  const stop = () => commands.executeCommand('erpnet.sandbox.stop', {})
  const query = async () => {
    const text = 'Gen_Documents?$select=Document_No&$top=3'
    const { rows } = await commands.executeCommand<{ rows: unknown[] }>('erpnet.query.run', { text, connection: 'sandbox' })
    return rows.length
  }
  const pid = () => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid
  const isGone = (process: number) => until('the end of the process', () => isAlive(process) ? undefined : true, 90_000)
  const isDown = () => until('the sandbox to be seen as down', async () => {
    const failure = await query().then(() => '', (error: unknown) => String(error))
    return failure.endsWith('[sandbox-stopped]') ? true : undefined
  })

  before(async () => {
    await open()
    file = join(window.activeNotebookEditor!.notebook.uri.fsPath, '../../../../sandbox.json')
  })

  after(async () => {
    await stop()
    await closeAll()
    assert.ok(!existsSync(file))
  })

  it('open gives a connection that is signed in, and keeps it out of the settings', async () => {
    const { id, url } = await open()
    assert.equal(id, 'sandbox')
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
    const { ok, steps } = await commands.executeCommand<{ ok: boolean; steps: unknown }>('erpnet.connection.test', { id })
    assert.ok(ok, JSON.stringify(steps))
    assert.equal(await query(), 3)
    const { globalValue } = workspace.getConfiguration('erpnet').inspect<{ id: string }[]>('connections')!
    assert.ok(globalValue?.every(connection => connection.id !== id) ?? true)
  })

  it('open selects the connection and shows a notebook that runs on it', async () => {
    await closeAll()
    const process = pid()
    await open()
    const { notebook } = window.activeNotebookEditor!
    assert.match(notebook.uri.path, /\/first-steps\.erpnb$/)
    assert.equal(notebook.isDirty, false)
    const first = notebook.getCells().findIndex(cell => cell.document.languageId === 'erpnet')
    assert.equal(await run(notebook, first), true)
    assert.equal(pid(), process, 'it was started again')
  })

  it('open leaves the notebook in front where it is told so', async () => {
    await closeAll()
    await open({ notebook: false })
    assert.equal(window.activeNotebookEditor, undefined)
  })

  it('stop ends the process, and says so to who asks then', async () => {
    const process = pid()
    await stop()
    await isGone(process)
    assert.ok(!existsSync(file))
    await assert.rejects(query(), /The sandbox is not running.*\[sandbox-stopped\]$/)
    await stop() // once more does no harm
  })

  it('open starts it again', async () => {
    await open()
    assert.equal(await query(), 3)
  })

  it('open starts it again after a crash', async () => {
    const former = pid()
    process.kill(former, 'SIGKILL')
    await isDown()
    await open()
    assert.notEqual(pid(), former)
    assert.equal(await query(), 3)
  })

  it('open throws away what a dead one left', async () => {
    await stop()
    writeFileSync(file, JSON.stringify({ url: 'http://127.0.0.1:9/', secret: 'old', pid: 1 }))
    await open()
    assert.notEqual(pid(), 1)
    assert.equal(await query(), 3)
  })

  it('stop cancels what is starting', async () => {
    await stop()
    const opening = open()
    const [outcome] = await Promise.allSettled([opening, stop()])
    assert.match(outcome.status === 'rejected' ? String(outcome.reason) : 'opened', /\[cancelled\]$/)
    assert.ok(!existsSync(file))
  })

  it('open is one where it is asked for twice at once', async () => {
    const [first, second] = await Promise.all([open(), open({ notebook: false })])
    assert.deepEqual(first, second)
  })

  it('ends by itself when its connection was removed from the last window', async () => {
    const process = pid()
    await commands.executeCommand('erpnet.connection.remove', { id: 'sandbox' })
    await assert.rejects(query(), /\[connection-unknown\]$/)
    await isGone(process)
    assert.ok(!existsSync(file))
  }).timeout(120_000)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
