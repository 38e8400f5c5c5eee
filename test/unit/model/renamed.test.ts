import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { currentNames, findOldNames, readRenamed } from '../../../src/core/model/renamed.ts'

describe('renamed entities', () => {
  it('are read; entries that say nothing are passed over', () => {
    const value = [{ OldName: 'A', NewName: 'B', Version: '24.1' }, { OldName: 'C', NewName: 'D' }, { OldName: 'E', NewName: 'E' }, { OldName: 'F' }, 'G', null]
    assert.deepEqual(readRenamed({ value }), [{ oldName: 'A', newName: 'B', version: '24.1' }, { oldName: 'C', newName: 'D' }])
  })

  for (const json of [null, [], {}, { value: 'x' }]) {
    it(`${JSON.stringify(json)} is refused`, () => assert.throws(() => readRenamed(json), error => isErpError(error, 'unexpected-answer')))
  }

  const chains: readonly (readonly [what: string, renamed: string, inUse: readonly string[], names: string])[] = [
    ['once', 'A>B', ['B'], 'A>B'],
    ['several times', 'A>B B>C C>D', ['D'], 'A>D B>D C>D'],
    ['a name that is in use again', 'A>B B>C', ['A', 'C'], 'B>C'],
    ['as far as a name that is in use', 'A>B B>C', ['B', 'C'], 'A>B'],
    ['in a circle', 'A>B B>A', [], ''],
    ['into a circle', 'A>B B>C C>B', [], 'A>C'],
  ]
  for (const [what, renamed, inUse, names] of chains) {
    it(what, () => {
      const entries = renamed.split(' ').map(pair => ({ oldName: pair.slice(0, 1), newName: pair.slice(2) }))
      const found = [...currentNames(entries, new Set(inUse))].map(([old, { newName }]) => `${old}>${newName}`).join(' ')
      if (what === 'into a circle') assert.ok(found.startsWith('A>'))
      else assert.equal(found, names)
    })
  }

  const names = new Map([['Crm_Customers', { oldName: 'Crm_Customers', newName: 'Crm_Sales_Customers' }]])
  const texts: readonly (readonly [text: string, at: readonly number[]])[] = [
    ['', []], ['Crm_Customers', [0]], ['Crm_CustomersList Crm_Customers_2 xCrm_Customers Crm_Sales_Customers', []],
    ['domain/Crm_Customers?$top=1', [7]], ["'Crm_Customers(1)',\"Crm_Customers\"", [1, 20]], ['Erp.Crm_Customers;\nCrm_Customers', [4, 19]],
    ['crm_customers', []], ['ЖCrm_Customers', []],
  ]
  for (const [text, at] of texts) it(`in ${JSON.stringify(text)}`, () => assert.deepEqual(findOldNames(text, names).map(({ start }) => start), at))
})
