import assert from 'node:assert/strict'
import { parseCell } from '../../../src/core/query/cell.ts'
import { findVariable } from '../../../src/core/query/symbols.ts'

describe('a variable that is defined more than once', () => {
  const cells = (...given: readonly (readonly [text: string, touched: number])[]) =>
    given.map(([text, touched]) => ({ variables: parseCell(text).variables, touched }))

  const cases: [what: string, cells: ReturnType<typeof cells>, at: number, value: string | undefined][] = [
    ['nowhere', cells(['@b = 1', 0], ['', 0]), 1, undefined],
    ['in the cell itself, twice', cells(['@a = 1\n@a = 2', 0]), 0, '2'],
    ['above and below: the nearest above', cells(['@a = 1', 0], ['@a = 2', 0], ['', 0], ['@a = 3', 0]), 2, '2'],
    ['below only: the nearest', cells(['', 0], ['@a = 1', 0], ['@a = 2', 0]), 0, '1'],
    ['run below: the latest wins', cells(['@a = 1', 1], ['', 2], ['@a = 3', 3]), 1, '3'],
    ['run above after below', cells(['@a = 1', 4], ['', 2], ['@a = 3', 3]), 1, '1'],
    ['touched against nearer', cells(['@a = 1', 1], ['@a = 2', 0], ['', 0]), 2, '1'],
  ]
  for (const [what, given, at, value] of cases) {
    it(what, () => assert.equal(findVariable(given, 'a', at)?.value, value))
  }
})
