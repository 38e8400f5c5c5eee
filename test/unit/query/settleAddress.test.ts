import assert from 'node:assert/strict'
import type { Instance } from '../../../src/core/instance/instance.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { settleAddress } from '../../../src/core/query/settleAddress.ts'

/** Sites at addresses of their own (protocol sheet, section 1), two of one type among them. */
const INSTANCE: Instance = {
  root: 'https://acme.example',
  host: 'acme.example',
  sites: [
    { type: 'TableAPI', url: 'https://bi.acme.example', status: 'Working' },
    { type: 'TableAPI', url: 'https://acme.example/domain', status: 'Working' },
    { type: 'DomainAPI', url: 'https://acme.example/erp', status: 'Working', odataRoot: 'https://acme.example/erp/service/' },
    { type: 'DomainAPI', url: 'https://api.acme.example', status: 'Working' },
  ],
}

describe('the address of an API', () => {
  const cases: [address: string, api: 'table' | 'domain', foreignRoot?: string][] = [
    ['Gen_Documents', 'table'],
    ['domain/Orders', 'domain'],
    ['https://bi.acme.example/odata/Gen_Documents', 'table'],
    ['HTTPS://BI.acme.example:443/OData/Gen_Documents/', 'table'],
    ['https://acme.example/domain/odata/Gen_Documents?$top=1', 'table'],
    ['https://acme.example/erp/service/Orders?$top=1', 'domain'],
    ['https://acme.example/erp/domain/querybuilder#Orders?$top=1', 'domain'],
    ['https://api.acme.example/domain/odata/Orders', 'domain'],
    // of others, as ERP.net's documentation has them
    ['https://demodb.my.erp.net/api/domain/odata/Orders', 'domain', 'https://demodb.my.erp.net/api/domain/odata/'],
    ['https://demodb.my.erp.net/api/domain/querybuilder#Orders', 'domain', 'https://demodb.my.erp.net/api/domain/odata/'],
    ['https://user:secret@demodb.my.erp.net/tableapi/odata/Gen_Documents', 'table', 'https://demodb.my.erp.net/tableapi/odata/'],
    ['https://acme.example/test/odata/Gen_Documents', 'table', 'https://acme.example/test/odata/'],
  ]
  for (const [text, api, foreignRoot] of cases) {
    it(text, () => {
      const settled = settleAddress({ ...readQuery(text), text }, INSTANCE)
      assert.deepEqual([settled.query.api, settled.foreignRoot], [api, foreignRoot])
    })
  }

  const refused = ['https://acme.example/manage/Orders', '\n https://acme.example/erp/service/Orders(1)/Customer', 'https://demodb.my.erp.net/api/domain/querybuilder']
  for (const text of refused) {
    it(`refuses ${text.trim()}`, () =>
      assert.throws(() => settleAddress({ ...readQuery(text), text }, INSTANCE), {
        code: 'query-syntax',
        facts: { line: text.split('\n').length, column: text.search(/\S/) - text.lastIndexOf('\n'), found: `${text.trim().slice(0, 30)}…`, expected: 'the name of a table' },
      }))
  }
})
