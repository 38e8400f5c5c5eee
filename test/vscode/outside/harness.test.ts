import assert from 'node:assert/strict'
import { openWorkbench } from '../host/workbench.ts'

/** VS Code reports success when its extension host dies, and hides failures that nobody handles: the harness may not. */
describe('The harness', () => {
  it('fails where a promise failed in the extension host and nobody handled it', async () => {
    const workbench = await openWorkbench()
    await workbench.evaluate(() => void Promise.reject(new Error('left alone')))
    await assert.rejects(workbench.close(), /Nobody handled.*left alone/s)
  })

  it('fails where the extension host died', async () => {
    const workbench = await openWorkbench()
    await assert.rejects(workbench.evaluate(() => void process.kill(process.pid, 'SIGKILL')), /does not answer/)
    await assert.rejects(workbench.close(), /does not answer|died/)
  })
})
