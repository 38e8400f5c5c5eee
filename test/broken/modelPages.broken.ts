import type { Break } from './break.ts'

const unit = (file: string, grep: string): Break['test'] => ({ file: `test/unit/${file}.test.ts`, grep })

const COMPARE = 'src/core/model/compare.ts'
const SNAPSHOT = 'src/core/model/snapshot.ts'
const NEIGHBOURS = 'src/core/model/describe/neighbours.ts'
const RENAMED = 'src/core/model/renamed.ts'

export default [
  // types
  {
    rule: 'a name is given once',
    file: 'src/core/codegen/identifiers.ts', find: 'this.#taken.has(unique)', replace: "unique === ''",
    test: unit('codegen/types', 'TypeScript of odd names compiles'),
  },
  {
    rule: 'a description can’t end its comment',
    file: 'src/core/codegen/comments.ts', find: ".replaceAll('*/', '* /')", replace: '',
    test: unit('codegen/types', 'TypeScript of odd names compiles'),
  },
  {
    rule: 'what is read only is not sent',
    file: 'src/core/codegen/typeModel.ts', find: 'writable: !attribute.readOnly && ', replace: 'writable: ',
    test: unit('codegen/types', 'can be read and what can be sent'),
  },
  {
    rule: 'the same model gives the same text, whatever its order',
    file: 'src/core/codegen/typeModel.ts', find: '    .sort((a, b) => compareText(a.entitySet, b.entitySet))', replace: '',
    test: unit('codegen/types', 'the head tells how to make it again'),
  },
  {
    rule: 'a new last line is put behind its break',
    file: 'src/core/codegen/changedLines.ts', find: 'Math.min(same, before.length - 1)', replace: 'same',
    test: unit('codegen/types', 'changed lines'),
  },
  // snapshots and comparison
  {
    rule: 'what is quoted is read back',
    file: SNAPSHOT, find: 'String(JSON.parse(text))', replace: 'text.slice(1, -1)',
    test: unit('model/compare', 'is read back exactly'),
  },
  {
    rule: 'a line that is none is told',
    file: SNAPSHOT, find: 'if (!isKind(kind) || depth > open.length)', replace: 'if (!isKind(kind)) continue\n    if (depth > open.length)',
    test: unit('model/compare', 'is not read'),
  },
  {
    rule: 'what is gone is told',
    file: COMPARE, find: 'new Map([...left, ...right])', replace: 'new Map([...right])',
    test: unit('model/compare', 'an entity that was removed'),
  },
  {
    rule: 'parameters have an order',
    file: COMPARE, find: "if (before.kind !== 'method') return []", replace: "if (before.kind !== 'entity') return []",
    test: unit('model/compare', 'the order of parameters'),
  },
  // pages
  {
    rule: 'a circle of aggregates ends',
    file: NEIGHBOURS, find: 'placed.has(name) ? []', replace: "name === entity.entitySet ? []",
    test: unit('model/describe', 'aggregate:'),
  },
  {
    rule: 'names in a diagram are text alone',
    file: 'src/core/model/describe/diagram.ts', find: '[^\\p{L}\\p{N}_ .,…-]', replace: '[^\\p{L}\\p{N}_ .,…"-]',
    test: unit('model/describe', 'takes no name for more than text'),
  },
  {
    rule: 'a diagram is bounded',
    file: 'src/core/model/describe/diagram.ts', find: '.slice(0, DIAGRAM_NODES - 1)', replace: '',
    test: unit('model/describe', 'has at most 20 entities'),
  },
  // renamed entities
  {
    rule: 'old names are whole words',
    file: RENAMED, find: 'text.matchAll(/[\\p{L}\\p{N}_]+/gu)', replace: 'text.matchAll(/Crm_Customers|\\p{L}+/gu)',
    test: unit('model/renamed', 'in "Crm_CustomersList'),
  },
  {
    rule: 'a name that is in use again stays',
    file: RENAMED, find: 'if (inUse.has(entry.oldName)) continue', replace: '',
    test: unit('model/renamed', 'a name that is in use again'),
  },
] satisfies readonly Break[]
