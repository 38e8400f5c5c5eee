import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { repositorySource, sourceOf } from '../../../src/core/model/domainSource.ts'
import { indexRepositories } from '../../../src/core/model/repositories.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const refused = (error: unknown): boolean => isErpError(error, 'unexpected-answer')

describe('index of repositories', () => {
  const found = (text: string): string[] => {
    const all = bytes(text)
    return indexRepositories(all).map(([name, at, length]) => `${name} ${new TextDecoder().decode(all.subarray(at, at + length))}`)
  }
  const cases: readonly (readonly [what: string, text: string, found: readonly string[]])[] = [
    ['none', ' [ ] ', []],
    ['one, after a byte order mark', '\ufeff[{"Name":"A"}]', ['A {"Name":"A"}']],
    ['a name that comes last', '[{"X":[{"Name":"No"}],"Y":{"Name":"No"},"Name" : "A"}]', ['A {"X":[{"Name":"No"}],"Y":{"Name":"No"},"Name" : "A"}']],
    ['a value called Name', '[{"X":"Name","Name":"A"},{"X":"Name","Y":"B","Name":"C"}]', [
      'A {"X":"Name","Name":"A"}', 'C {"X":"Name","Y":"B","Name":"C"}',
    ]],
    ['escapes and brackets in texts', '[{"X":"}]\\"{","\\u004eame":"\\u0041\\/"}]', ['A/ {"X":"}]\\"{","\\u004eame":"\\u0041\\/"}']],
    ['other alphabets', '[{"Name":"Поръчка𝒜"}]', ['Поръчка𝒜 {"Name":"Поръчка𝒜"}']],
    ['the first of two of one name', '[{"Name":"A","X":1},{"Name":"A","X":2}]', ['A {"Name":"A","X":1}']],
    ['those with a name alone', '[{"X":1},{"Name":null,"X":"B"},{"Name":{"Y":"Z"},"X":"B"},{"Name":""},{"Name":7},"x",3,null,[{"Name":"B"}],{"Name":"A"}]', ['A {"Name":"A"}']],
  ]
  for (const [what, text, expected] of cases) it(`knows ${what}`, () => assert.deepEqual(found(text), expected))

  const whole = '[{"Name":"A","X":["y"]},{"Name":"B"}]'
  for (let length = 0; length < whole.length; length++) {
    it(`refuses the first ${length} letters of a list`, () => assert.throws(() => indexRepositories(bytes(whole.slice(0, length))), refused))
  }
  for (const text of ['{"Name":"A"}', '"[]"', '<html></html>', 'null']) {
    it(`refuses ${text}`, () => assert.throws(() => indexRepositories(bytes(text)), refused))
  }
})

describe('Domain model in full', () => {
  const long = 'Ж'.repeat(1_000_000)
  const source = repositorySource(bytes(JSON.stringify([
    { Name: 'Crm_Orders', LocalizedDescription: long, Attributes: [{ Name: 'A', Type: 'Odd' }] }, { Name: 'Last' },
  ]).replace('{"Name":"Last"}', '{"Name":"Bad","Attributes":[nonsense]},{"Name":"Last"}')))

  it('is read entity by entity: one that is broken breaks no other', () => {
    assert.deepEqual(source.entitySets, ['Crm_Orders', 'Bad', 'Last'])
    assert.equal(source.read('Crm_Orders')?.description, long)
    assert.throws(() => source.read('Bad'), refused)
    assert.equal(source.read('Last')?.entitySet, 'Last')
    assert.equal(source.read('None'), undefined)
  })

  it('is the same from its index', () => {
    const again = sourceOf(source.bytes, JSON.parse(JSON.stringify(source.index)) as typeof source.index)
    assert.deepEqual(again.read('Crm_Orders'), source.read('Crm_Orders'))
  })
})
