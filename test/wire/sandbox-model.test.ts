import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { SMALL_TABLES, writeModel } from './smallModel.ts'

/** The real model isn't part of the project; it is tested where its folder stands beside it. */
const REAL = join(process.env['ERPNET_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'erpnet/model')

/** What the files say, as far as it is compared. */
interface FileColumn {
  name: string; type: string; size?: string; nullable?: boolean; pk?: boolean; ref?: string; filters?: string[]
  allowed?: string[]; multilanguage?: boolean; owner?: boolean
}
type FileTables = Record<string, { entity: string | null; view?: boolean; columns: FileColumn[] }>
interface FileMember {
  name: string; nullable?: boolean; readonly?: boolean; obsolete?: boolean; category?: string; filters?: string[]
}
type FileEntities = Record<string, {
  entitySet: string; base?: string; aggregateParent?: string; aggregateRoot?: string; category: string
  attributes: (FileMember & { enum?: { name: string; value: string; db?: string }[] })[]
  references: (FileMember & { target: string; owner?: boolean })[]
  childCollections: { name: string; target: string }[]
  methods: { name: string; http: string; parameters: { name: string }[] }[]
}>

interface BaseInfo {
  SupportedFilters: string; BaseTableName: string | null; BaseColumnName: string | null; Nullable: boolean
  Obsolete: boolean; Orderable: boolean
}
interface Member {
  Name: string; ColumnName: string | null; Type: string; BaseInfo: BaseInfo; CategoryId: string; ReadOnly: boolean
  enumValues?: { Name: string; Value: number }[]
  ReferencedEntitySet: string; IsOwnership: boolean
}
interface Repository {
  Name: string; TableName: string | null; RepositoryName: string; ObjectType: string; Category: string
  AggregateParent: string | null; AggregateRoot: string | null
  Attributes: Member[]; References: Member[]
  ChildCollections: { Name: string; ChildEntitySet: string }[]
  Methods: { Name: string; IsAction: boolean; ReturnType: string; Parameters: { Name: string; Type: string }[] }[]
}

/** A row with its numbers as they were written. */
type Row = Readonly<Record<string, string | boolean | null>>

/** What a running sandbox tells and holds: all that the tests of a model compare. */
class Served {
  readonly sandbox: SandboxUnderTest
  readonly model: ReadonlyMap<string, Repository>
  readonly domain: string
  readonly metadata: string
  readonly rows: ReadonlyMap<string, readonly Row[]>

  private constructor(
    sandbox: SandboxUnderTest, model: readonly Repository[], domain: string, metadata: string,
    rows: ReadonlyMap<string, readonly Row[]>,
  ) {
    this.sandbox = sandbox
    this.model = new Map(model.map(repository => [repository.RepositoryName, repository]))
    this.domain = domain
    this.metadata = metadata
    this.rows = rows
  }

  static async start(folder: string): Promise<Served> {
    const sandbox = await startSandbox({ model: folder, rows: 60 })
    await sandbox.control.limits({ perMinute: 1_000_000 })
    const get = async (path: string) => {
      const response = await fetch(sandbox.url + path, { headers: { authorization: `Bearer ${sandbox.referenceToken}` } })
      assert.equal(response.status, 200, path)
      return response.text()
    }
    const model = JSON.parse(await get('/api/domain/standardmodel?details=true')) as Repository[]
    const document = JSON.parse(await get('/tableapi/odata/')) as { value: { name: string }[] }
    const rows = new Map<string, readonly Row[]>()
    for (const { name } of document.value) rows.set(name, exactRows(await get(`/tableapi/odata/${name}`)))
    return new Served(
      sandbox, model, await get('/api/domain/odata/$metadata'), await get('/tableapi/odata/$metadata'), rows,
    )
  }

  async get(path: string): Promise<Response> {
    return fetch(this.sandbox.url + path, { headers: { authorization: `Bearer ${this.sandbox.referenceToken}` } })
  }

  async filter(table: string, filter: string): Promise<Response> {
    const query = new URLSearchParams({ $top: '0', $filter: filter })
    const response = await this.get(`/tableapi/odata/${table}?${query.toString()}`)
    await response.text()
    return response
  }
}

function exactRows(body: string): readonly Row[] {
  const { value } = JSON.parse(body, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source ?? String(value) : value) as { value: Row[] }
  return value
}

/** The content of elements with a name, by it: `<EntityType Name="…">…</EntityType>`. */
function elements(xml: string, tag: string): ReadonlyMap<string, string> {
  const found = xml.matchAll(new RegExp(`<${tag} Name="([^"]+)"([^]*?)</${tag}>`, 'g'))
  return new Map([...found].map(([, name = '', content = '']) => [name, content]))
}

function attributesOf(element: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...element.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
}

const VALUES: Readonly<Record<string, RegExp>> = {
  'Edm.Guid': /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  'Edm.Int64': /^-?\d{1,19}$/, 'Edm.Int32': /^-?\d{1,10}$/, 'Edm.Int16': /^-?\d{1,5}$/, 'Edm.Byte': /^\d{1,3}$/,
  'Edm.Decimal': /^-?\d+(\.\d+)?$/, 'Edm.Double': /^-?\d+(\.\d+)?(e[+-]?\d+)?$/, 'Edm.String': /^[^]*$/,
  'Edm.DateTimeOffset': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'Edm.TimeOfDay': /^\d\d:\d\d:\d\d$/,
  'Edm.Binary': /^[\w+/]+=*$/, 'Edm.Boolean': /^(true|false)$/,
}

/** Says what is wrong with a value, by the facets of its property in `$metadata`. */
function complaint(property: Readonly<Record<string, string>>, value: string | boolean | null | undefined): string {
  const { Type = '', Nullable, MaxLength, Precision, Scale } = property
  if (value === undefined) return 'is missing'
  if (value === null) return Nullable === 'false' ? 'is null' : ''
  if (VALUES[Type]?.test(String(value)) !== true) return `is no ${Type}: ${value}`
  if (MaxLength !== undefined && String(value).length > Number(MaxLength)) return `is longer than ${MaxLength}: ${value}`
  if (Precision === undefined) return ''
  const [whole = '', fraction = ''] = String(value).replace(/^-?0*/, '').split('.')
  const fits = fraction.length <= Number(Scale) && whole.length <= Number(Precision) - Number(Scale)
  return fits ? '' : `has more digits than (${Precision}, ${Scale}): ${value}`
}

/** The tests of one model; `folder` holds its files. */
function itServes(folder: () => string): void {
  let served: Served
  let tables: FileTables
  let entities: FileEntities
  before(async function () {
    this.timeout(120_000)
    const read = (file: string): unknown => JSON.parse(readFileSync(join(folder(), file), 'utf8'))
    tables = read('tables.json') as FileTables
    entities = read('entities.json') as FileEntities
    served = await Served.start(folder())
  })
  after(async () => served.sandbox.stop())

  /** What a reference holds, the key of a table or its `Id`; undefined for columns that lead nowhere. */
  const leads = ({ ref, type }: FileColumn) => {
    const columns = tables[ref ?? '']?.columns.filter(column => column.type === type)
    return (columns?.find(({ pk }) => pk) ?? columns?.find(({ name }) => name === 'Id'))?.name
  }
  const allColumns = () => Object.entries(tables).flatMap(
    ([table, { columns }]) => columns.map(column => ({ table, column, where: `${table}.${column.name}` })),
  )

  it('has every table, view, entity, attribute, reference, child collection and method of the files', () => {
    assert.deepEqual([...served.rows.keys()].sort(), Object.keys(tables).sort())
    const types = elements(served.metadata, 'EntityType')
    for (const [name, { columns }] of Object.entries(tables)) {
      const properties = [...(types.get(name) ?? '').matchAll(/<Property Name="(\w+)"/g)].map(([, property]) => property)
      assert.deepEqual(properties, columns.map(column => column.name), name)
    }
    assert.equal(
      served.metadata.match(/<NavigationProperty /g)?.length, allColumns().filter(({ column }) => leads(column) !== undefined).length,
    )
    assert.deepEqual([...served.model.keys()], Object.keys(entities))
    const names = (list: readonly { Name: string }[]) => list.map(({ Name }) => Name)
    const known = ({ target }: { target: string }) => target in entities
    for (const [repository, entity] of Object.entries(entities)) {
      const told = served.model.get(repository)
      assert.ok(told, repository)
      // The files tell neither the keys of views, nor those that are inherited: they come last.
      const attributes = names(told.Attributes).slice(0, entity.attributes.length)
      assert.deepEqual(attributes, entity.attributes.map(({ name }) => name), repository)
      const more = names(told.Attributes).slice(entity.attributes.length)
      assert.ok(more.length <= 1 && /^(ViewItemId|DocumentId|PartyId|Id)?$/.test(String(more)), `${repository}: ${String(more)}`)
      assert.deepEqual(names(told.References), entity.references.filter(known).map(({ name }) => name), repository)
      assert.deepEqual(
        told.ChildCollections.map(({ Name, ChildEntitySet }) => [Name, ChildEntitySet]),
        entity.childCollections.filter(known).map(({ name, target }) => [name, entities[target]?.entitySet]), repository,
      )
      assert.deepEqual(
        told.Methods.map(({ Name, IsAction, Parameters }) => [Name, IsAction, ...Parameters.map(one => one.Name)]),
        entity.methods.map(({ name, http, parameters }) => [name, http === 'POST', ...parameters.map(one => one.name)]),
      )
    }
  })

  it('tells of entities what the files tell: category, parents, nullable, read-only, obsolete, enumerations', () => {
    const setOf = (repository: string | undefined) => entities[repository ?? '']?.entitySet ?? null
    for (const [repository, entity] of Object.entries(entities)) {
      const told = served.model.get(repository)
      assert.ok(told, repository)
      assert.deepEqual(
        [told.Category, told.AggregateParent, told.AggregateRoot],
        [entity.category, setOf(entity.aggregateParent), setOf(entity.aggregateRoot)],
      )
      for (const member of [...entity.attributes, ...entity.references]) {
        const one: Member | undefined = [...told.Attributes, ...told.References].find(({ Name }) => Name === member.name)
        if (!one) continue
        assert.deepEqual(
          [one.BaseInfo.Nullable, one.ReadOnly, one.BaseInfo.Obsolete],
          [member.nullable === true, member.readonly === true, member.obsolete === true], `${repository}.${member.name}`,
        )
        if ('enum' in member) {
          assert.deepEqual(
            one.enumValues?.map(({ Name, Value }) => [Name, String(Value)]),
            member.enum.map(({ name, value }) => [name.replaceAll('<br />', ''), value]), `${repository}.${member.name}`,
          )
        }
      }
    }
  })

  it('answers every table and view with rows that fit its metadata, and keys that are unique', () => {
    const wrong = []
    for (const [table, content] of elements(served.metadata, 'EntityType')) {
      const rows = served.rows.get(table) ?? []
      if (rows.length === 0) wrong.push(`${table} is empty`)
      const properties = [...content.matchAll(/<Property [^>]*>/g)].map(([element]) => attributesOf(element))
      for (const row of rows) {
        for (const property of properties) {
          const { Name = '' } = property
          const words = complaint(property, row[Name])
          if (words !== '') wrong.push(`${table}.${Name} ${words}`)
        }
      }
      const keys = [...content.matchAll(/<PropertyRef Name="(\w+)"/g)].map(([, name = '']) => name)
      const values = new Set(rows.map(row => keys.map(key => String(row[key])).join('|')))
      if (keys.length > 0 && values.size !== rows.length) wrong.push(`${table} has a key twice`)
    }
    assert.deepEqual(wrong, [])
  })

  it('leads every reference to a row that is there, and leaves nullable ones out sometimes', () => {
    const lost = []
    let nulls = 0
    for (const { table, column, where } of allColumns()) {
      const key = leads(column)
      if (key === undefined) continue
      const keys = new Set(served.rows.get(column.ref ?? '')?.map(row => row[key]))
      for (const row of served.rows.get(table) ?? []) {
        const value = row[column.name]
        if (value === null) nulls += 1
        else if (!keys.has(value ?? '')) lost.push(where)
      }
    }
    assert.deepEqual([...new Set(lost)], [])
    assert.ok(nulls > 0)
  })

  it('fills columns with codes by the documented ones, and multilanguage ones by JSON of languages', () => {
    const wrong = []
    for (const { table, column, where } of allColumns()) {
      const codes = column.allowed?.map(code => code.trimEnd())
      for (const row of served.rows.get(table) ?? []) {
        const value = row[column.name]
        if (typeof value !== 'string') continue
        if (codes && !codes.includes(value.trimEnd())) wrong.push(`${where}: ${value}`)
        if (column.multilanguage === true && Number(column.size ?? 0) >= 16 && !/^\{"(EN|BG)":".*"\}$/.test(value)) {
          wrong.push(`${where}: ${value}`)
        }
      }
    }
    assert.deepEqual(wrong, [])
  })

  it('leads every navigation of the Table $metadata to the key of a table, under a name of its own', () => {
    const types = elements(served.metadata, 'EntityType')
    for (const [table, content] of types) {
      const columns = new Set([...content.matchAll(/<Property Name="(\w+)"/g)].map(([, name = '']) => name))
      for (const [, element = '', constraint = ''] of content.matchAll(/<NavigationProperty ([^>]*)>(.*?)<\/Nav/g)) {
        const { Name = '', Type = '' } = attributesOf(element)
        const { Property = '', ReferencedProperty } = attributesOf(constraint)
        assert.ok(columns.has(Property), `${table}.${Name}`)
        assert.ok(!columns.has(Name), `${table}.${Name} is there twice`)
        columns.add(Name)
        const column = tables[table]?.columns.find(({ name }) => name === Property)
        assert.equal(Type, `Erp.${column?.ref}`)
        assert.equal(ReferencedProperty, column && leads(column), `${table}.${Name}`)
      }
    }
  })

  it('says the same in the Domain $metadata as in the model', () => {
    const types = elements(served.domain, 'EntityType')
    const others = ['EnumType', 'ComplexType'].flatMap(tag => [...served.domain.matchAll(new RegExp(`<${tag} Name="(\\w+)"`, 'g'))])
    const known = new Set(['void', ...[...types.keys(), ...others.map(([, name = '']) => name)].map(name => `Erp.${name}`)])
    const inChain = (name: string): string => {
      const content = types.get(name)
      assert.ok(content !== undefined, name)
      const [, base] = /^ BaseType="Erp\.(\w+)"/.exec(content) ?? []
      return content + (base === undefined ? '' : inChain(base))
    }
    for (const { RepositoryName, ObjectType, Attributes, References, ChildCollections, Methods } of served.model.values()) {
      const content = inChain(ObjectType.replace('Erp.', ''))
      const [, key = ''] = /<PropertyRef Name="(\w+)"/.exec(content) ?? []
      assert.ok(Attributes.some(({ Name }) => Name === key), `${RepositoryName} has no key ${key}`)
      for (const { Name, Type } of [...Attributes, ...References]) {
        assert.ok(content.includes(`Property Name="${Name}" Type="${Type}"`), `${RepositoryName}.${Name} ${Type}`)
        assert.ok(Type.startsWith('Edm.') || known.has(Type), Type)
      }
      for (const { Name } of ChildCollections) assert.ok(content.includes(`Name="${Name}" Type="Collection(`), Name)
      for (const { ReturnType, Parameters } of Methods) {
        for (const words of [ReturnType, ...Parameters.map(({ Type }) => Type)]) {
          const type = words.replace(/^Collection\((.*)\)$/, '$1')
          assert.ok(type.startsWith('Edm.') || known.has(type), type)
        }
      }
    }
  })

  it('names for attributes and references columns that are there, with the filters of the files', () => {
    let named = 0
    for (const { RepositoryName, TableName, Attributes, References } of served.model.values()) {
      for (const { Name, ColumnName, BaseInfo } of [...Attributes, ...References]) {
        const { BaseTableName, BaseColumnName, SupportedFilters } = BaseInfo
        const where = `${RepositoryName}.${Name}`
        const at = (table: string | null, column: string | null) =>
          tables[table ?? '']?.columns.find(({ name }) => name === column)
        if (BaseColumnName !== null) assert.ok(at(BaseTableName, BaseColumnName), where)
        const column = ColumnName === null ? at(BaseTableName, BaseColumnName) : at(TableName, ColumnName)
        if (ColumnName !== null) assert.ok(column, where)
        const { attributes = [], references = [] } = entities[RepositoryName] ?? {}
        const told = [...attributes, ...references].find(({ name }) => name === Name)
        if (!column || !told) continue
        named += 1
        const filters = SupportedFilters === 'NotFilterable' ? [] : SupportedFilters.split(', ')
        assert.deepEqual(filters.sort(), [...told.filters ?? []].sort(), where)
      }
    }
    assert.ok(named > 20)
  })

  it('accepts and refuses each operator as the filters of the file tell, whatever the type', async function () {
    this.timeout(60_000)
    const literals: Readonly<Record<string, string>> = {
      uniqueidentifier: '11111111-1111-4111-8111-111111111111', bit: 'true', date: '2025-01-01T00:00:00Z',
      datetime: '2025-01-01T00:00:00Z', time: '10:00:00', int: '1', smallint: '1', tinyint: '1', bigint: '1',
      decimal: '1.5', float: '1.5',
    }
    const sample = new Map(allColumns().map(one => [`${one.column.type} ${String(one.column.filters)}`, one]))
    for (const { table, column: { name, type, filters = [] }, where } of sample.values()) {
      const literal = literals[type] ?? "'x'"
      const operators: [string, string, boolean][] = [
        ['Equals', `${name} eq ${literal}`, true], ['EqualsIn', `${name} in (${literal})`, true],
        ['GreaterThanOrLessThan', `${name} ge ${literal}`, true], ['Like', `${name} like 'x%'`, true],
      ]
      for (const [ability, filter] of operators) {
        const { ok } = await served.filter(table, filter)
        assert.equal(ok, filters.includes(ability), `${where}: ${filter} (${filters.join(', ')})`)
      }
    }
  })

  it('answers every entity set with its rows, all attributes and references among them', async function () {
    this.timeout(120_000)
    const failed = []
    for (const { Name, Attributes, References } of served.model.values()) {
      const names = (members: readonly { readonly Name: string }[]) => members.map(member => member.Name).join(',')
      const all = new URLSearchParams({
        $top: '2', $select: `default,${names(Attributes)}`, ...(References.length > 0 && { $expand: names(References) }),
      })
      for (const query of ['$top=2', all.toString()]) {
        const answer = await served.get(`/api/domain/odata/${Name}?${query}`)
        const { value } = await answer.json() as { value?: readonly Row[] }
        // A stream that is empty has no link.
        const keys = [...names(Attributes.filter(({ Type }) => Type !== 'Edm.Stream')).split(','), ...names(References).split(',')].filter(name => name !== '')
        const isThere = (key: string) => value?.every(row => row[key] !== undefined) === true
        const missing = query === '$top=2' ? [] : keys.filter(key => !isThere(key))
        if (value === undefined || missing.length > 0) failed.push(`${Name}: ${answer.status} ${missing.join(' ')}`)
      }
    }
    assert.deepEqual(failed, [])
  })

  it('orders in the Domain API by what the files say, and by nothing else', async () => {
    let refused = 0
    const stored = [...served.model.values()].filter(({ TableName }) => TableName !== null).slice(0, 40)
    for (const { Name, Attributes } of stored) {
      for (const { Name: attribute, Type, BaseInfo } of Attributes) {
        if (!BaseInfo.Orderable && refused > 40) continue
        const path = /^Erp\.(Amount|Quantity)$/.test(Type) ? `${attribute}Value` : attribute
        const { ok } = await served.get(`/api/domain/odata/${Name}?$top=1&$orderby=${path}`)
        assert.equal(ok, BaseInfo.Orderable, `${Name}: ${path}`)
        refused += Number(!ok)
      }
    }
    assert.ok(refused > 0)
  })

  it('follows owners in filters', async () => {
    const owned = allColumns().filter(({ column }) => column.owner === true && leads(column) !== undefined).slice(0, 20)
    assert.ok(owned.length > 0)
    for (const { table, column } of owned) {
      const key = leads(column) ?? ''
      const filter = `${column.name.replace(/_Id$/, '')}_Reference/${key} eq 11111111-1111-4111-8111-111111111111`
      assert.equal((await served.filter(table, filter)).status, 200, `${table}: ${filter}`)
    }
  })
}

describe('sandbox: model from files', () => {
  describe('a small one with the hard cases', () => {
    const folder = writeModel()
    after(() => rmSync(folder, { recursive: true }))
    itServes(() => folder)

    describe('makes up what the files do not tell', () => {
      let served: Served
      before(async () => { served = await Served.start(folder) })
      after(async () => served.sandbox.stop())
      const member = (repository: string, name: string) => {
        const { Attributes = [], References = [] } = served.model.get(repository) ?? {}
        return [...Attributes, ...References].find(({ Name }) => Name === name)
      }
      const columns: [where: string, column: string | null, base: string][] = [
        ['Test.Types.Id', 'Type_Id', 'Tst_Types.Type_Id'], ['Test.Types.Code', 'Type_Code', 'Tst_Types.Type_Code'],
        ['Test.Types.TypeName', 'Type_Name', 'Tst_Types.Type_Name'], ['Test.Types.DisplayText', null, ''],
        ['Test.Nodes.Parent', 'Parent_Node_Id', 'Tst_Nodes.Parent_Node_Id'], ['Test.Nodes.NodeField', 'Node', 'Tst_Nodes.Node'],
        ['Test.Papers.PaperNotes', 'Notes', 'Tst_Papers.Notes'], ['Test.Bills.PaperNotes', null, 'Tst_Papers.Notes'],
        ['Test.Bills.Id', 'Bill_Id', 'Tst_Bills.Bill_Id'], ['Test.BillLines.Document', 'Bill_Id', 'Tst_Bill_Lines.Bill_Id'],
        ['Test.BillLines.BillObj', 'Bill_Id', 'Tst_Bill_Lines.Bill_Id'], ['Test.BillLines.Bill', 'Bill', 'Tst_Bill_Lines.Bill'],
        ['Test.Sums.Node', 'Node_Id', 'Tst_Nodes.Node_Id'], ['Test.Nothing.Permission', null, ''],
      ]
      for (const [where, column, base] of columns) {
        it(`${where} lies in ${column ?? 'no column of its own'}`, () => {
          const dot = where.lastIndexOf('.')
          const { ColumnName, BaseInfo } = member(where.slice(0, dot), where.slice(dot + 1)) ?? {}
          const { BaseTableName = null, BaseColumnName = null } = BaseInfo ?? {}
          assert.deepEqual([ColumnName, BaseTableName ?? '', BaseColumnName ?? ''], [column, ...(base === '' ? ['', ''] : base.split('.'))])
        })
      }

      it('types, keys, navigations', () => {
        assert.equal(member('Test.Types', 'Huge')?.Type, 'Erp.Amount')
        assert.equal(member('Test.Types', 'Kind')?.Type, 'Erp.Test_Kind')
        assert.equal(member('Test.Types', 'Shape')?.Type, 'Edm.String')
        const look = served.model.get('Test.Types')?.Methods.find(({ Name }) => Name === 'Look')
        assert.deepEqual(
          [look?.ReturnType, ...look?.Parameters.map(({ Type }) => Type) ?? []],
          ['Collection(Erp.Test_Node)', 'Erp.Test_Level', 'Edm.String'],
        )
        assert.match(served.domain, /<Member Name="LowEst" Value="7"\/>\n<Member Name="Нормално" Value="8"\/>/)
        assert.match(served.metadata, /<NavigationProperty Name="Parent_Node_Reference_" Type="Erp.Tst_Nodes">/)
        assert.equal(served.model.get('Test.Nothing')?.TableName, null)
        assert.match(served.domain, /<EntityType Name="Test_Sum">\n<Key><PropertyRef Name="ViewItemId"\/><\/Key>/)
      })

      it('rows: of the company where it has the table, of names and types elsewhere', () => {
        const countries = served.rows.get('Gen_Countries') ?? []
        assert.ok(countries.some(({ Code }) => Code === 'BG'), 'the company trades in Bulgaria')
        assert.deepEqual(served.rows.get('Tst_Flags')?.map(({ Flag }) => Flag), [false, true])
        assert.equal(served.rows.get('Tst_Numbers')?.length, 20)
        const types = served.rows.get('Tst_Types') ?? []
        assert.deepEqual(new Set(types.map(({ Level }) => Level)), new Set(['-3', '0']))
        assert.ok(types.some(row => row['B_int'] === null) && types.some(row => row['B_int'] !== null))
      })

      it('names of the model in Bulgarian, as of the company', async () => {
        const nameOf = async (query: string) => {
          const answer = await served.get(`/api/domain/standardmodel/Test_Types${query}`)
          const { Attributes } = await answer.json() as { Attributes: { Name: string; LocalizedName: string }[] }
          return Attributes.find(({ Name }) => Name === 'Code')?.LocalizedName
        }
        assert.deepEqual([await nameOf(''), await nameOf('?culture=bg')], ['Code', 'Код'])
        const texts = await Promise.all(['bg', 'bg-BG', 'en', 'en-US'].map(
          async culture => (await served.get(`/api/domain/standardmodel?details=true&culture=${culture}`)).text(),
        ))
        assert.deepEqual([texts[0] === texts[1], texts[2] === texts[3], texts[0] === texts[2]], [true, true, false])
      })

      it('the same rows from the same seed', async () => {
        const again = await Served.start(folder)
        await again.sandbox.stop()
        assert.deepEqual(again.rows, served.rows)
      })
    })
  })

  const whereItIs = existsSync(join(REAL, 'tables.json')) ? describe : describe.skip
  whereItIs('the real one at full size', () => {
    itServes(() => REAL)

    it('grows with the rows that are asked for: references lead to rows in every replica', async function () {
      this.timeout(120_000)
      const sandbox = await startSandbox({ model: REAL, rows: 16_003 })
      try {
        const read = async (path: string) => {
          const headers = { authorization: `Bearer ${sandbox.referenceToken}` }
          const answer = await fetch(`${sandbox.url}/tableapi/odata/${path}`, { headers })
          return exactRows(await answer.text())
        }
        const tables = JSON.parse(readFileSync(join(REAL, 'tables.json'), 'utf8')) as FileTables
        const grown = [
          'Gen_Documents', 'Crm_Sales_Orders', 'Crm_Sales_Order_Lines', 'Crm_Invoices', 'Crm_Invoice_Lines',
          'Inv_Transactions', 'Inv_Transaction_Lines', 'Cash_Payment_Orders',
        ]
        const keys = new Map<string, Set<unknown>>()
        const wanted = (table: string) => tables[table]?.columns.filter(({ pk, ref }) =>
          pk === true || grown.includes(ref ?? '')) ?? []
        const rowsOf = new Map<string, readonly Row[]>()
        for (const table of grown) {
          const rows = await read(`${table}?$select=${wanted(table).map(({ name }) => name).join(',')}`)
          const key = wanted(table).find(({ pk }) => pk)?.name ?? ''
          keys.set(table, new Set(rows.map(row => row[key])))
          assert.equal(keys.get(table)?.size, rows.length, table)
          rowsOf.set(table, rows)
        }
        assert.equal(rowsOf.get('Crm_Sales_Order_Lines')?.length, 16_003)
        const lost = new Set<string>()
        for (const [table, rows] of rowsOf) {
          for (const { name, ref } of wanted(table)) {
            if (ref === undefined) continue
            const isLost = (row: Row) => row[name] !== null && !keys.get(ref)?.has(row[name])
            if (rows.some(isLost)) lost.add(`${table}.${name}`)
          }
        }
        assert.deepEqual([...lost], [])
        const last = rowsOf.get('Crm_Sales_Order_Lines')?.at(-1)?.['Sales_Order_Id']
        const filter = `Sales_Order_Reference/Sales_Order_Id eq ${String(last)}`
        const found = await read(`Crm_Sales_Order_Lines?$select=Sales_Order_Id&$filter=${filter}`)
        assert.ok(found.length > 0 && found.every(row => row['Sales_Order_Id'] === last))
      } finally {
        await sandbox.stop()
      }
    })
  })

  describe('says what is wrong with the files, and ends with 2', () => {
    const entry = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))
    const brokenColumn = { ...SMALL_TABLES, Tst_Flags: { columns: [{ name: 'a"b', type: 'int' }] } }
    const cases: readonly (readonly [title: string, folder: () => string, words: RegExp])[] = [
      ['no folder', () => join(import.meta.dirname, 'nowhere'), /--model: can't read .*tables\.json \(ENOENT\)/],
      ['no JSON', () => writeModel('{'), /--model: .*tables\.json is not JSON/],
      ['a list', () => writeModel('[]'), /--model: .*tables\.json has another form: not an object/],
      ['nothing in it', () => writeModel('{}'), /tables\.json has another form: not an object with an entry/],
      ['no columns', () => writeModel('{"A":{}}'), /tables\.json has another form: columns of A/],
      ['a name that is none', () => writeModel(JSON.stringify(brokenColumn)), /another form: a name \("a\\"b"\) of Tst_Flags/],
      ['entities of another form', () => writeModel(undefined, '{"A":{"x":1}}'), /entities\.json has another form: entitySet/],
      ['entities that are no JSON', () => writeModel(undefined, 'x'), /entities\.json is not JSON/],
    ]
    for (const [title, folder, words] of cases) {
      it(title, async () => {
        const child = spawn(process.execPath, [entry, '--rows', '1', '--model', folder()])
        const [complaint, [code]] = await Promise.all([
          text(child.stderr), once(child, 'exit') as Promise<[code: number | null]>, text(child.stdout),
        ])
        assert.match(complaint, words)
        assert.equal(complaint.trimEnd().split('\n').length, 1)
        assert.equal(code, 2)
      })
    }
  })
})
