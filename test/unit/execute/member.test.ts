import assert from 'node:assert/strict'

import { memberAt } from '../../../src/core/execute/member.ts'

describe('a member within a row', () => {
  const cases: [json: string, path: string[], found: string | undefined][] = [
    ['{"a":{"b":5}}', ['a', 'b'], '5'],
    ['{"a":{"b":5}}', [], '{"a":{"b":5}}'],
    [' { "a" : { "x" : [1,{"b":"}"}] , "b" : "q\\"}" } } ', ['a', 'b'], '"q\\"}"'],
    ['{"a":{"x":"b","b":{"c":null}}}', ['a', 'b', 'c'], 'null'],
    ['{"\\u0061":{"@odata.id":"Set(5)"}}', ['a', '@odata.id'], '"Set(5)"'],
    ['{"b":1,"b":-2.50}', ['b'], '-2.50'],
    ['{"a":{}}', ['a', 'b'], undefined],
    ['{"a":null}', ['a', 'b'], undefined],
    ['{"a":[{"b":1}]}', ['a', 'b'], undefined],
    ['{"a":"{\\"b\\":1}"}', ['a', 'b'], undefined],
    ['{"Име":{"b":true}}', ['Име', 'b'], 'true'],
  ]
  for (const [json, path, found] of cases) {
    it(`${json} at ${path.join('/')}`, () => {
      const bytes = new TextEncoder().encode(json)
      const start = json.length - json.trimStart().length
      const [from, to] = memberAt(bytes, [start, bytes.length - (json.length - json.trimEnd().length)], path)
      assert.equal(from === to ? undefined : new TextDecoder().decode(bytes.subarray(from, to)), found)
    })
  }
})
