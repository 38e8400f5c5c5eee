import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { generateTypes } from '../../src/core/codegen/types.ts'
import { compareModels, printDifferences } from '../../src/core/model/compare.ts'
import { entityExamples, methodExample, modelTypes, tableExamples } from '../../src/core/model/describe/examples.ts'
import type { DomainEntityDetails } from '../../src/core/model/domain.ts'
import { modelItems } from '../../src/core/model/facts.ts'
import { printSnapshot, readSnapshot } from '../../src/core/model/snapshot.ts'
import { readRenamedFrom, readTablesFrom, readWholeDomain } from '../../src/node/model/readModel.ts'
import { cSharpErrors, hasCSharp, typeScriptErrors } from '../fakes/compile.ts'
import { startSandbox, useSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

const { signal } = new AbortController()
const SOURCE = { instance: 'sandbox', version: '26.2.0.76' }

function whole({ url }: SandboxUnderTest, token?: string): Promise<DomainEntityDetails[]> {
  return readWholeDomain({ site: `${url}/api`, odata: `${url}/api/domain/odata/`, language: 'en', token }, signal)
}

/** What is made of whole models, on the model that an instance gives. */
describe('features over the model', () => {
  const sandbox = useSandbox()
  let current: DomainEntityDetails[]

  before(async () => {
    current = await whole(sandbox, sandbox.referenceToken)
  })

  afterEach(() => sandbox.control.clearQuirks())

  it('the standard model needs no token', async () => {
    const standard = await whole(sandbox)
    assert.equal(standard.length, current.length)
    const text = printDifferences(compareModels(modelItems(standard), modelItems(current)))
    assert.match(text, /^~ entity General_Products_Products\n {2}\+ attribute CalculatedAttribute_Margin type=Edm\.Decimal.* calculated$/m)
    assert.match(text, /\+ attribute CustomProperty_Eco_u002ELabel .* custom$/m)
    assert.doesNotMatch(text, /^ *-/m)
  })

  it('old names of entities', async () => {
    const renamed = await readRenamedFrom({ base: `${sandbox.url}/api/domain/odata/`, token: sandbox.referenceToken }, signal)
    assert.deepEqual(renamed[0], { oldName: 'Crm_Customers', newName: 'Crm_Sales_Customers', version: '24.1.5.35' })
  })

  it('a snapshot is read back exactly', () => {
    const items = modelItems(current)
    const text = printSnapshot({ about: { instance: 'sandbox', model: 'current' }, items })
    assert.deepEqual(readSnapshot(text).items, items)
  })

  it('every example of a query on an entity is answered', async function () {
    this.timeout(60_000)
    const examples = current.flatMap(entityExamples)
    assert.ok(examples.length > 2 * current.length)
    assert.ok(examples.some(text => text.includes('$filter=')) && examples.some(text => text.includes('$apply=')) && examples.some(text => text.includes('$expand=')))
    assert.deepEqual(await refusals(examples.map(text => text.replace('domain/', '/api/domain/odata/'))), [])
  })

  it('every example of a query on a table is answered', async function () {
    this.timeout(60_000)
    const tables = await readTablesFrom({ base: `${sandbox.url}/tableapi/odata/`, token: sandbox.referenceToken }, signal)
    const examples = tables.flatMap(tableExamples)
    assert.ok(examples.length >= tables.length)
    assert.deepEqual(await refusals(examples.map(text => `/tableapi/odata/${text}`)), [])
  })

  it('an example of a function’s call has the form that the instance reads', async () => {
    const products = current.find(({ entitySet }) => entitySet === 'General_Products_Products')!
    const method = products.methods.find(({ name }) => name === 'GetPropertyAllowedValues')!
    const call = methodExample('/api/domain/odata/', products.entitySet, { ...method, parameters: method.parameters.slice(0, 1) }, modelTypes(current))
    assert.match(call, /^GET \/api\/domain\/odata\/General_Products_Products\(0{8}-[-0]+\)\/Erp\.GetPropertyAllowedValues\(propertyName='…'\)$/)
    const refused = await refusals([call.slice('GET '.length)])
    // there is no such product, or property: it was read as a call
    assert.doesNotMatch(refused.join(), /Resource not found|cannot be called/)
  })

  it('types of every entity compile', function () {
    this.timeout(120_000)
    compile(current)
  })

  it('types of every entity of ERP.net’s own model compile', async function () {
    this.timeout(240_000)
    const folder = join(process.env['ERPNET_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'erpnet/model')
    if (!existsSync(folder)) this.skip()
    const real = await startSandbox({ model: folder })
    try {
      const model = await whole(real, real.referenceToken)
      assert.ok(model.length > 500)
      compile(model)
    } finally {
      await real.stop()
    }
  })

  function compile(model: readonly DomainEntityDetails[]): void {
    assert.deepEqual(typeScriptErrors({ 'types.ts': generateTypes(model, 'typescript', SOURCE) }), [])
    if (hasCSharp()) assert.deepEqual(cSharpErrors(generateTypes(model, 'csharp', SOURCE)), [])
  }

  /** What the instance says to addresses that it doesn't answer. */
  async function refusals(texts: readonly string[]): Promise<string[]> {
    const refused: string[] = []
    for (const text of texts) {
      const path = text.replaceAll(/\n\s*/g, '').replaceAll(/\b(ge) (\d{4}-\d\d-\d\d)(?=&|$)/g, '$1 $2T00:00:00Z')
      const answer = await fetch(encodeURI(sandbox.url + path), { headers: { 'x-api-key': sandbox.referenceToken } })
      const body = await answer.text()
      if (!answer.ok) refused.push(`${path}: ${answer.status} ${body.slice(0, 200)}`)
    }
    return refused
  }
})
