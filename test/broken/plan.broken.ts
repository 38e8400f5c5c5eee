import type { Break } from './break.ts'

const unit = (file: string, grep: string): Break['test'] => ({ file: `test/unit/${file}.test.ts`, grep })

const NARROW = 'src/core/plan/narrow.ts'
const PLAN = 'src/core/plan/planQuery.ts'
const EVALUATE = 'src/core/execute/evaluate.ts'
const SETTLE = 'src/core/query/settleAddress.ts'
const READER = 'src/core/execute/requestReader.ts'
const ORACLE = unit('plan/oracle', 'up to 4000')

/** The rules of the plan (ARCHITECTURE.md, "The plan"), each without effect. */
export default [
  {
    rule: 'gt of decimals is finished here',
    file: NARROW, find: '(!isOpen || next !== undefined) && allows', replace: 'allows', test: unit('plan/narrow', 'is exact of each'),
  },
  {
    rule: 'not of an order takes null into account',
    file: NARROW, find: 'if (isOrder && [left, right].some(mayBeNull)) return local(whole)', replace: '', test: unit('plan/narrow', 'is exact of each'),
  },
  {
    rule: 'a boolean that may be null is not what it is not',
    file: NARROW, find: "column.type !== 'boolean' || column.nullable", replace: "column.type !== 'boolean'", test: unit('plan/narrow', 'is exact of each'),
  },
  {
    rule: 'a row of two branches is kept once',
    file: PLAN, find: '  if (!areDisjoint(branches)) return true\n', replace: '', test: unit('plan/planQuery', 'State eq 30 or Document_Date ge'),
  },
  {
    rule: '$top is sent only where no row is dropped here',
    file: PLAN, find: ' || drafts.some(({ rest }) => rest !== undefined)\n', replace: '\n', test: ORACLE,
  },
  {
    rule: 'comparisons with null are false',
    file: EVALUATE, find: "return operator === 'eq' ? first === second : operator === 'ne' && first !== second", replace: 'return null', test: ORACLE,
  },
  {
    rule: 'null comes first',
    file: 'src/core/execute/sort.ts', find: 'Number(x !== null) - Number(y !== null)', replace: 'Number(x === null) - Number(y === null)', test: ORACLE,
  },
  {
    rule: 'the server counts only what no step here drops',
    file: 'src/core/plan/planEntityQuery.ts', find: 'query.count === true && isExact && !server', replace: 'query.count === true && !server', test: unit('plan/planEntityQuery', '$filter=Rate gt 5&$count=true'),
  },
  {
    rule: 'the next page is of the same server',
    file: READER, find: 'if (url?.origin !== new URL(first).origin)', replace: 'if (url === undefined)', test: { file: 'test/wire/pages.test.ts', grep: 'leads to another server' },
  },
  {
    rule: 'no page is read twice',
    file: READER, find: 'if (asked.has(url.href)) throw', replace: 'if (asked.has(url.href)) return undefined as never\n  if (asked.has(link)) throw', test: { file: 'test/wire/pages.test.ts', grep: 'in a circle' },
  },
  {
    rule: 'a page gives no more rows than are wanted',
    file: READER, find: 'sliceRows(next.value, 0, Math.min(room, next.value.ends.length))', replace: 'next.value as Batch | undefined', test: { file: 'test/wire/pages.test.ts', grep: 'more rows than are wanted' },
  },
  {
    rule: '$top is cut here where a list may be halved on the way',
    file: PLAN, find: 'pieces.length === 1 && drafts.every(({ list }) => list === undefined)', replace: 'pieces.length === 1', test: unit('execute/execute', 'no more rows than $top'),
  },
  {
    rule: 'conditions that are finished here stay in their order',
    file: NARROW, find: 'const factors = parts.map(narrow)', replace: 'const factors = parts.map(narrow).sort((a, b) => a.length - b.length)', test: unit('execute/execute', 'divides by nothing'),
  },
  {
    rule: 'what may fail is not done without the sides of or before it',
    file: NARROW, find: 'branch.rest.some(mayFail)', replace: 'false', test: unit('execute/execute', 'divides by nothing'),
  },
  {
    rule: 'no list of texts is cut where rows have no key',
    file: 'src/core/plan/requests.ts', find: "hasKey || column.type !== 'text'", replace: 'true', test: unit('plan/planQuery', 'cuts no list of texts'),
  },
  {
    rule: 'groups meet again that went to disk',
    file: 'src/core/execute/groups.ts', find: 'each.merge(all[index])', replace: 'index > 0 && each.merge(all[index])', test: unit('execute/execute', 'groups on disk'),
  },
  {
    rule: 'a value that was seen before and behind a flush counts once',
    file: 'src/core/execute/groups.ts', find: 'if (current.value !== value) current.count++', replace: 'current.count++', test: unit('execute/execute', 'groups on disk'),
  },
  {
    rule: 'groups that are too many go to disk',
    file: 'src/core/execute/groups.ts', find: 'this.#held.bytes < memoryBytes', replace: 'this.#runs.length > 0', test: unit('execute/execute', 'holds no more than it may'),
  },
  {
    rule: 'averages are rounded half away from zero',
    file: 'src/core/base/decimal.ts', find: 'if (twice < (b < 0n', replace: 'if (twice <= (b < 0n', test: unit('base/decimal', 'half away from zero'),
  },
  {
    rule: 'the API of an address is told by the instance, not by its path',
    file: SETTLE, find: "site.type === 'TableAPI' && names", replace: 'false && names', test: unit('query/settleAddress', 'acme.example/domain/odata'),
  },
  {
    rule: 'an address of another instance is said to be one',
    file: SETTLE, find: 'foreignRoot: serviceRoot', replace: '', test: unit('query/settleAddress', 'demodb'),
  },
  {
    rule: 'credentials in an address are shown nowhere',
    file: 'src/core/query/readQuery.ts', find: 'return origin + pathname', replace: 'return `https://user:secret@${origin.slice(8)}${pathname}`', test: unit('query/settleAddress', 'secret'),
  },
] satisfies readonly Break[]
