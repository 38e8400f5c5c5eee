import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileLock } from '../../src/node/fileLock.ts'

describe('FileLock', () => {
  let folder: string
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'erpnet-lock-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  it('lets one after another in, and leaves nothing behind', async () => {
    const locks = [new FileLock(folder), new FileLock(folder)]
    let inside = 0
    let most = 0
    await Promise.all(Array.from({ length: 20 }, (_, index) => locks[index % 2]!.hold('a', async () => {
      most = Math.max(most, ++inside)
      await readdir(folder)
      inside -= 1
    })))
    assert.equal(most, 1)
    assert.deepEqual(await readdir(folder), [])
  })

  it('holds names apart', async () => {
    const lock = new FileLock(folder)
    assert.equal(await lock.hold('a', () => lock.hold('b', () => Promise.resolve(1))), 1)
  })

  it('lets go when the action fails', async () => {
    const lock = new FileLock(folder)
    await assert.rejects(lock.hold('a', () => Promise.reject(new Error('no'))), /no/)
    assert.equal(await lock.hold('a', () => Promise.resolve(1)), 1)
  })

  /** The lock of somebody else. */
  async function left(text: string, age = 0): Promise<FileLock> {
    const lock = new FileLock(folder)
    const [file = ''] = await lock.hold('a', () => readdir(folder))
    await writeFile(join(folder, file), text)
    const then = new Date(Date.now() - age)
    await utimes(join(folder, file), then, then)
    return lock
  }

  it('takes the place of a process that has died', async () => {
    const lock = await left('999999999')
    assert.equal(await lock.hold('a', () => Promise.resolve(1)), 1)
    assert.deepEqual(await readdir(folder), [])
  })

  it('takes the place of one that hangs', async () => {
    const lock = await left(String(process.pid), 121_000)
    assert.equal(await lock.hold('a', () => Promise.resolve(1)), 1)
  })

  it('acts all the same where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '')
    assert.equal(await new FileLock(join(folder, 'file', 'sub')).hold('a', () => Promise.resolve(1)), 1)
  })
})
