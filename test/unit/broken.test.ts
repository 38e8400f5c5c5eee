import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Break } from '../broken/break.ts'

/** `npm run test:broken` takes too long for every run; that its lists still fit the code is seen at once. */
describe('the lists of breaks', () => {
  const root = join(import.meta.dirname, '../..')
  const folder = join(root, 'test/broken')

  for (const name of readdirSync(folder).filter(file => file.endsWith('.broken.ts'))) {
    it(`${name}: each place stands in its file, once`, async () => {
      const { default: breaks } = await import(join(folder, name)) as { default: readonly Break[] }
      const stale = breaks.filter(({ file, find }) => readFileSync(join(root, file), 'utf8').split(find).length !== 2)
      assert.deepEqual(stale.map(({ rule }) => rule), [])
      assert.ok(breaks.length > 0)
    })
  }
})
