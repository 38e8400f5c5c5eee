import type { DatabaseSync } from 'node:sqlite'

import { indexKeys, openDatabase, TableWriter } from '../../../src/sandbox/data/database.ts'
import { readSchema, type Schema, type EntitySource } from '../../../src/sandbox/data/schema.ts'
import type { Random } from '../../unit/random.ts'
import type { ExactRow } from './sql.ts'

const SOURCES: readonly EntitySource[] = [
  {
    entity: 'Test.Items', type: 'Item', table: 'Tst_Items', category: 'Definitions', display: '{Id}',
    columns: `
      Item_Id       uniqueidentifier   =<i  key as Id
      Code          nvarchar(20)       =~i
      Item_Name     nvarchar(254)?     ~
      Title         nvarchar(50)?      =
      Notes         nvarchar(max)?     -
      Amount        decimal(38,2)?     <
      Price         decimal(14,6)      =<i
      Quantity      decimal(38,3)?     -
      State         smallint           =<i
      Priority      tinyint?           =
      Story_Points  int?               =<
      Big           bigint?            <i
      Ratio         float?             =<
      Day           date?              =<
      Moment        datetime?          <
      Due           datetime           =<i
      Start_Time    time?              =<
      Active        bit                =
      Flag          bit?               =
      Hidden        bit?               -
      Group_Id      uniqueidentifier?  =i   ~> Tst_Groups
      Owner_Id      uniqueidentifier   =i   => Tst_Groups.Items
      Other_Id      uniqueidentifier?  -    -> Tst_Groups`,
  },
  {
    entity: 'Test.Groups', type: 'Group', table: 'Tst_Groups', category: 'Definitions', display: '{Id}',
    columns: `
      Group_Id         uniqueidentifier   =i   key as Id
      Group_Name       nvarchar(50)       =~
      Level            int?               =<i
      Limit            decimal(20,4)?     <
      Since            date?              <
      Closed           bit?               =
      Parent_Group_Id  uniqueidentifier?  =i   ~> Tst_Groups`,
  },
  {
    entity: 'Test.Balances', type: 'Balance', table: 'Tst_Balances', category: 'Views', display: '{Base_Cost}', view: true,
    columns: `
      Group_Id   uniqueidentifier?  i  ~> Tst_Groups
      Base_Cost  decimal(38,2)      <
      Place      int                =<
      Kind       char(1)?           =i`,
  },
]

/** Tables with everything that is hard: what filters can't do, references of each kind, nulls, a view without a key. */
export function hardSchema(): Schema {
  return readSchema(SOURCES, '')
}

const TEXTS = ['A', 'a', 'Фактура', 'фактура № 5', 'Ж', 'it\'s', '100%', 'under_score', '[x]', '', ' padded ', 'Zürich', '☕ кафе', '😀', 'ab', 'AB', 'abc', '\ufffd', 'A,B', '"q"', 'x\ny\t\\', 'Löwe', '0012', 'a-b', 'A.B/c-d', '(a+b)*c?', '^a|{b}$&!~#@;:=<>', '-', '%-_', 'null']
const DECIMALS = ['0', '-0.01', '0.01', '1', '1.5', '-1.5', '2.5', '1000000', '123456789012345678901234567890123456.78', '-999999999999999999999999999999999999.99', '999999999999999999999999999999999999.99', '12345678901234567890.10', '0.10', '10.00']
const PRICES = ['0', '0.000001', '1.000000', '1', '1.1', '99999999.999999', '-5.5', '0.333333', '2.500000', '3.500000']
const DATES = ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', '2024-02-29T00:00:00Z', '2025-12-31T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '1999-12-31T00:00:00Z', '1900-01-01T00:00:00Z', '2026-07-01T00:00:00Z']
const MOMENTS = [...DATES, '2026-01-01T00:00:01Z', '2025-12-31T23:59:59Z', '9999-12-31T23:59:59Z', '2026-01-01T12:30:00Z', '1969-12-31T23:59:59Z', '2024-02-29T23:00:00Z']
const TIMES = ['00:00:00', '23:59:59', '12:00:00', '09:30:00', '12:00:01']
const BIGS = ['0', '1', '-1', '9007199254740993', '-9007199254740993', '999999999999999999', '9223372036854775807', '-9223372036854775808']
const RATIOS = [0, 0.1, 0.2, 0.30000000000000004, -1.5, 1e20, 1e-7, 123456.789]

export function hardRows(random: Random): ReadonlyMap<string, readonly ExactRow[]> {
  const maybe = <T>(values: readonly T[]): T | null => (random.below(5) === 0 ? null : random.pick(values))
  const groups = Array.from({ length: 30 }, (_, index) => guid(1, index))
  const groupRows = groups.map((Group_Id, index): ExactRow => ({
    Group_Id,
    Group_Name: random.pick(TEXTS),
    Level: maybe([0, 1, 2, 3, -1]),
    Limit: maybe(['0.5000', '1.2500', '-3', '9999999999999999.9999', '1.25']),
    Since: maybe(DATES),
    Closed: maybe([true, false]),
    Parent_Group_Id: index === 0 ? null : maybe(groups.slice(0, index)),
  }))
  const items = Array.from({ length: 150 }, (_, index): ExactRow => ({
    Item_Id: guid(2, index),
    Code: random.pick(TEXTS),
    Item_Name: maybe(TEXTS),
    Title: maybe(TEXTS),
    Notes: maybe(TEXTS),
    Amount: maybe(DECIMALS),
    Price: random.pick(PRICES),
    Quantity: maybe(['0', '1.000', '1', '-2.125', '0.5', '33333333333333333333333333333333333.333']),
    State: random.pick([0, 5, 10, 20, 30, 40, 50, -32768, 32767]),
    Priority: maybe([0, 1, 2, 3, 255]),
    Story_Points: maybe([0, 1, 2, 3, 5, 8, -2147483648, 2147483647]),
    Big: maybe(BIGS),
    Ratio: maybe(RATIOS),
    Day: maybe(DATES),
    Moment: maybe(MOMENTS),
    Due: random.pick(MOMENTS),
    Start_Time: maybe(TIMES),
    Active: random.below(2) === 0,
    Flag: maybe([true, false]),
    Hidden: maybe([true, false]),
    Group_Id: maybe(groups),
    Owner_Id: random.pick(groups),
    Other_Id: maybe(groups),
  }))
  const balances = Array.from({ length: 60 }, (): ExactRow => ({
    Group_Id: maybe(groups),
    Base_Cost: random.pick(DECIMALS),
    Place: random.below(6),
    Kind: maybe(['A', 'B', 'a']),
  }))
  return new Map([['Tst_Items', items], ['Tst_Groups', groupRows], ['Tst_Balances', balances]])
}

/** With letters among its digits. */
function guid(table: number, index: number): string {
  return `a${table}b2c3d4-0000-4000-8000-${String(index * 7919 % 1000).padStart(12, 'e')}`
}

/** The rows in the sandbox's own form. */
export function hardDatabase(schema: Schema, rows: ReadonlyMap<string, readonly ExactRow[]>): DatabaseSync {
  const database = openDatabase(schema)
  for (const table of schema.tables.values()) {
    const writer = new TableWriter(database, table)
    for (const row of rows.get(table.name) ?? []) {
      writer.write(Object.fromEntries(table.columns.map(({ name, type }) => {
        const value = row[name] ?? null
        return [name, typeof value === 'boolean' ? Number(value) : type === 'bigint' && value !== null ? BigInt(value) : value]
      })))
    }
  }
  indexKeys(database, schema)
  return database
}
