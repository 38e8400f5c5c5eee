import { ErpError } from '../base/errors.ts'
import type { DomainAttribute, DomainEntityDetails } from '../model/domain.ts'
import type { CheckedColumn } from '../query/checked.ts'
import { ENTITY_ID, type Entities, entityOf, type EntityScope, MULTILANGUAGE } from '../query/entityScope.ts'
import type { Expansion, Path } from '../query/expression.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import type { OutputColumn } from './plan.ts'

/** What is asked for of an entity: `$select`, and in `$expand` the same of what it leads to. */
export class Selection {
  /** Undefined: the default properties. */
  readonly #wanted: readonly string[] | undefined
  readonly #defaults: ReadonlySet<string>
  readonly #further = new Set<string>()
  readonly #expanded = new Map<string, Expanded>()

  constructor(wanted: readonly string[] | undefined, defaults: readonly string[]) {
    this.#wanted = wanted
    this.#defaults = new Set(defaults)
  }

  /** Asks for a property that a step needs; `names` lead to it from outside in. */
  need([first = '', ...rest]: readonly string[], entity: DomainEntityDetails, entities: Entities): void {
    const reference = entity.references.find(({ name }) => name === first)
    const [next] = rest
    if (reference === undefined || next === undefined || next === ENTITY_ID) {
      const isThere = this.#expanded.has(first) || this.#names().has(first)
      if (!isThere) this.#further.add(first)
      return
    }
    const target = entityOf(entities, reference.target)
    const known = this.#expanded.get(first)?.selection ?? new Selection([], [])
    if (!this.#expanded.has(first)) this.expand(first, { selection: known, isHidden: true })
    known.need(rest, target, entities)
  }

  expand(name: string, expanded: Expanded): void {
    this.#expanded.set(name, expanded)
  }

  /** Is more asked for than goes out? */
  get hasFurther(): boolean {
    return this.#further.size > 0 || [...this.#expanded.values()].some(({ isHidden }) => isHidden === true)
  }

  #names(): ReadonlySet<string> {
    return this.#wanted === undefined ? this.#defaults : new Set(this.#wanted.flatMap(name => (name === 'default' ? [...this.#defaults] : [name])))
  }

  /** Undefined where the default is just right. */
  get select(): readonly string[] | undefined {
    if (this.#wanted === undefined) return this.#further.size === 0 ? undefined : ['default', ...this.#further]
    return [...this.#wanted, ...this.#further]
  }

  get expansions(): string {
    return [...this.#expanded].map(([name, { selection, options = [], links }]) => {
      if (links === true) return `${name}/$ref`
      const { select, expansions } = selection
      const parts = [
        ...(select === undefined || select.length === 0 ? [] : [`$select=${select.join(',')}`]),
        ...(expansions === '' ? [] : [`$expand=${expansions}`]),
        ...options.map(([option, value]) => `${option}=${value}`),
      ]
      return parts.length === 0 ? name : `${name}(${parts.join(';')})`
    }).join(',')
  }
}

interface Expanded {
  readonly selection: Selection
  readonly options?: Expansion['options']
  readonly links?: boolean | undefined
  readonly isHidden?: boolean
}

/** `Id` and what is like it, and what is computed, comes only when it is asked for (protocol sheet, section 3). */
const NOT_DEFAULT: ReadonlySet<string> = new Set([
  'Id', 'DocumentId', 'PartyId', 'ViewItemId', 'DisplayText', 'ObjectVersion', 'ExternalId', 'ExternalSystem',
  'AdditionalDataJson', 'AggregateLastUpdateTimeUtc',
])

function defaultsOf({ attributes, references }: DomainEntityDetails): string[] {
  const stored = attributes.filter(({ name, custom, calculated, blob }) => !NOT_DEFAULT.has(name) && !custom && !calculated && blob !== true)
  return [...stored, ...references].map(({ name }) => name)
}

export interface EntityOutput {
  readonly columns: readonly OutputColumn[]
  readonly selection: Selection
}

/** The properties that go out, and what leads to them. @throws `column-unknown`, EntityMissing */
export function entityOutput({ select, expand = [] }: Pick<ResolvedQuery, 'select' | 'expand'>, scope: EntityScope, entities: Entities): EntityOutput {
  return outputOf({ select, expand }, scope.entity, scope, entities)
}

function outputOf(
  { select, expand }: { select: readonly Path[] | undefined; expand: readonly Expansion[] },
  entity: DomainEntityDetails, scope: EntityScope, entities: Entities,
): EntityOutput {
  const defaults = defaultsOf(entity)
  const here = select?.filter(({ steps }) => steps.length === 1)
  const selection = new Selection(here?.map(({ steps: [name = ''] }) => name), defaults)
  const expanded = new Map(expansionsOf(select, expand).map(expansion => [expansion.path.steps[0] ?? '', expansion]))
  const names = (here ?? [{ steps: ['default'] }]).flatMap(({ steps: [name = ''] }) => (name === 'default' ? defaults : [name]))
  const columns = [...new Set([...names, ...expanded.keys()])].map((name): OutputColumn => {
    const expansion = expanded.get(name)
    if (expansion !== undefined) return expandedColumn(name, expansion, { entity, scope, entities, selection })
    const attribute = entity.attributes.find(candidate => candidate.name === name)
    if (attribute !== undefined) return attributeColumn(attribute)
    const link = linkOf(entity, name)
    if (link !== undefined) return { name, type: link.type, columns: [{ name: ENTITY_ID, type: 'Edm.String' }] }
    const path = here?.find(({ steps }) => steps[0] === name) ?? { kind: 'path', steps: [name], range: { start: 0, end: 0 } }
    throw scope.unknown(path, name, entity, membersOf(entity))
  })
  return { columns, selection }
}

interface Around {
  readonly entity: DomainEntityDetails
  readonly scope: EntityScope
  readonly entities: Entities
  readonly selection: Selection
}

function expandedColumn(name: string, expansion: Expansion, { entity, scope, entities, selection }: Around): OutputColumn {
  const link = linkOf(entity, name)
  if (link === undefined) throw scope.unknown(expansion.path, name, entity, membersOf(entity))
  const inner = outputOf({ select: expansion.select, expand: expansion.expand }, entityOf(entities, link.target), scope, entities)
  const { options, links } = expansion
  selection.expand(name, { selection: inner.selection, ...(options === undefined ? {} : { options }), links })
  return { name, type: link.type, columns: links === true ? [{ name: ENTITY_ID, type: 'Edm.String' }] : inner.columns }
}

/** A reference, or a list of what belongs to the entity. */
function linkOf(entity: DomainEntityDetails, name: string): { target: string; type: string } | undefined {
  const reference = entity.references.find(candidate => candidate.name === name)
  if (reference !== undefined) return { target: reference.target, type: `Erp.${reference.target}` }
  const list = entity.childCollections.find(candidate => candidate.name === name)
  return list === undefined ? undefined : { target: list.target, type: `Collection(Erp.${list.target})` }
}

function membersOf({ attributes, references, childCollections }: DomainEntityDetails): string[] {
  return [...attributes, ...references, ...childCollections].map(({ name }) => name)
}

/** A path in `$select` is short for an expansion; of two of the same reference the selections are joined. */
function expansionsOf(select: readonly Path[] | undefined, expand: readonly Expansion[]): Expansion[] {
  const byName = new Map<string, Expansion>()
  const short = select?.filter(({ steps }) => steps.length > 1).map(({ steps: [first = '', ...rest], ...path }): Expansion =>
    ({ path: { ...path, steps: [first] }, select: [{ ...path, steps: rest }], expand: [] })) ?? []
  for (const expansion of [...expand, ...short]) {
    const [name = ''] = expansion.path.steps
    const known = byName.get(name)
    if ([known, expansion].some(one => one?.options !== undefined || one?.links === true) && known !== undefined) throw new ErpError('query-option', { option: `$expand=${name},${name}` })
    byName.set(name, known === undefined ? expansion : joined(known, expansion))
  }
  return [...byName.values()]
}

function joined(a: Expansion, b: Expansion): Expansion {
  const expand = [...a.expand, ...b.expand]
  const { path } = a
  return a.select === undefined || b.select === undefined ? { path, expand } : { path, expand, select: [...a.select, ...b.select] }
}

/** What a complex value is made of. */
const PARTS: Readonly<Record<string, readonly OutputColumn[]>> = {
  'Erp.Amount': [{ name: 'Value', type: 'Edm.Decimal' }, { name: 'Currency', type: 'Edm.String' }],
  'Erp.Quantity': [{ name: 'Value', type: 'Edm.Decimal' }, { name: 'Unit', type: 'Edm.String' }],
  [MULTILANGUAGE]: [],
}

function attributeColumn({ name, type, custom, enumValues }: DomainAttribute): OutputColumn {
  if (enumValues.length > 0) return { name, type: 'Edm.String' }
  const columns = custom ? [] : PARTS[type]
  return { name, type, ...(columns === undefined ? {} : { columns }) }
}

/** @throws `query-server-only` for what can't be worked with here */
export function placesOf(columns: readonly CheckedColumn[]): (readonly string[])[] {
  return columns.map(({ name, steps, domain }) => {
    if (domain?.at === undefined) throw new ErpError('query-server-only', { name: [...steps, name].join('/') })
    return domain.at
  })
}
