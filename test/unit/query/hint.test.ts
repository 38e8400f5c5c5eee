import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { hintOf } from '../../../src/core/query/hint.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'

/** Queries as people write them who come from elsewhere, and what they are told; undefined for none of that. */
const MISTAKES: readonly [query: string, hint: string | undefined][] = [
  ['SELECT TOP 5 * FROM Gen_Documents', 'sql'],
  ['select * from Gen_Documents where State = 30', 'sql'],
  ['Select?$top=x', undefined],
  ['POST http://127.0.0.1/tableapi/odata/Gen_Documents', 'reads'],
  ['curl http://127.0.0.1/tableapi/odata/Gen_Documents?$top=1', 'reads'],
  ['-- mine\nGen_Documents', 'comments'],
  ['/* mine */ Gen_Documents', 'comments'],
  ['Gen_Documents/$count', 'count'],
  ['Gen_Documents $filter=State eq 30', 'options'],
  ['domain/Crm_Sales_SalesOrders\n&$top=1', 'options'],
  ['Gen_Documents(\'1\')', 'key'],
  ['domain/Crm.Sales.SalesOrders?$top=1', 'dots'],
  ['T?$filter=A = \'1\'', 'equals'],
  ['T?$filter=A == \'1\'', 'equals'],
  ['T?$filter=A=1', 'equals'],
  ['T?$filter=A <> 1', 'equals'],
  ['T?$filter=A != 1', 'equals'],
  ['T?$filter=A >= 1', 'equals'],
  ['T?$filter=A>1', 'equals'],
  ['T?$filter=A eq 1 || B eq 2', 'equals'],
  ['T?$filter=A is null', 'null'],
  ['T?$filter=A between 1 and 2', 'between'],
  ['T?$filter=A eq "R1"', 'quotes'],
  ['T?$filter=A eq ‘R1’', 'quotes'],
  ['T?$filter=A eq „R1“', 'quotes'],
  ['T?$filter=A eq \'O\'Brien\'', 'unclosed'],
  ['T?$filter=A eq \'R1', 'unclosed'],
  ['T?$top=5;', 'semicolon'],
  ['T?$filter=A eq 30;', 'semicolon'],
  ['T?$filter=A ge 01.02.2026', 'dates'],
  ['T?$filter=A ge 2026-1-1', 'dates'],
  ['T?$filter=A ge 2026-01-01 15:00', 'dates'],
  ['T?$filter=A in 30,40', 'lists'],
  ['T?$filter=A in \'x\'', 'lists'],
  ['T?$orderby=A descending', 'order'],
  ['T?$filter=A eq 1\nU?$filter=B eq 2', 'one-query'],
  ['T?$filter=(A eq 1', undefined],
  ['T?$filter=A eq 30,5', undefined],
  ['T?$top=abc', undefined],
]

describe('what was probably meant', () => {
  for (const [query, hint] of MISTAKES) {
    it(JSON.stringify(query), () => {
      assert.throws(() => readQuery(query), error => {
        assert.ok(isErpError(error, 'query-syntax'), String(error))
        assert.equal(hintOf({ found: String(error.facts['found']), expected: String(error.facts['expected']) }), hint, JSON.stringify(error.facts))
        return true
      })
    })
  }
})
