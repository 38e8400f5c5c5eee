import { Disposable, l10n, type Memento } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity } from '../../core/model/domain.ts'
import { lastPart, namespaceOf } from '../../core/model/naming.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import { DomainFilter, filterTitle } from './domainFilter.ts'
import { joined } from './nodeText.ts'
import type { ModelService } from './service.ts'
import type { ModelNode } from './treeNode.ts'
import { ModelView } from './view.ts'

export interface ModelTreesOptions {
  readonly model: ModelService
  /** The connection whose model is shown. */
  readonly connection: () => Connection | undefined
  readonly workspace: Memento
  readonly global: Memento
}

/** The views *Domain entities* and *Tables*. */
export class ModelTrees implements Disposable {
  readonly filter: DomainFilter
  readonly #options: ModelTreesOptions
  readonly #domain: ModelView<DomainEntity[]>
  readonly #tables: ModelView<Table[]>
  readonly #disposables: Disposable

  constructor(options: ModelTreesOptions) {
    const { model, connection, workspace, global } = options
    this.#options = options
    this.filter = new DomainFilter(workspace, global)
    this.#domain = new ModelView({
      id: 'erpnet.domainModel',
      connection,
      load: selected => model.entitiesLoad(selected),
      roots: (entities, selected) => this.#domainRoots(entities, selected),
      note: selected => joined(noteOf(model.about(selected)), this.filter.chosen === 'all' ? undefined : filterTitle(this.filter.chosen)),
    })
    this.#tables = new ModelView({
      id: 'erpnet.tableModel',
      connection,
      load: selected => model.tablesLoad(selected),
      roots: async (tables, selected) => {
        const { TableTree } = await import('./tableTree.ts')
        return new TableTree(tables, selected).roots()
      },
    })
    this.#disposables = Disposable.from(
      this.filter, this.#domain, this.#tables, this.filter.onDidChange(() => this.#domain.refresh()),
    )
  }

  refresh(): void {
    this.#domain.refresh()
    this.#tables.refresh()
  }

  /** Shows and selects an item; an entity that the filter hides ends the filter. */
  async reveal(item: FoundItem, connection: Connection): Promise<void> {
    const { kind, of, name, attribute } = item
    if (kind === 'table') return this.#tables.reveal([of])
    if (kind === 'column') return this.#tables.reveal([of, name])
    const entity = (await this.#options.model.entities(connection)).find(each => each.entitySet === of)
    if (entity === undefined) return
    if (!this.#fits(entity, connection, undefined)) {
      await this.filter.choose('all')
    }
    return this.#domain.reveal([namespaceOf(entity.repository), lastPart(entity.repository), ...wayInside(kind, name, attribute)])
  }

  dispose(): void {
    this.#disposables.dispose()
  }

  async #domainRoots(entities: readonly DomainEntity[], connection: Connection): Promise<ModelNode[]> {
    const { model } = this.#options
    const { DomainTree } = await import('./domainTree.ts')
    const added = this.filter.chosen === 'custom' ? await model.entitiesWithAdded(connection) : undefined
    return new DomainTree({
      connection,
      entities,
      read: entitySet => model.entity(connection, entitySet),
      isMine: entity => this.filter.isMine(connection, entity),
      shows: entity => this.#fits(entity, connection, added),
      customOnly: added !== undefined,
    }).roots()
  }

  #fits(entity: DomainEntity, connection: Connection, added: ReadonlySet<string> | undefined): boolean {
    switch (this.filter.chosen) {
      case 'all': return true
      case 'roots': return entity.isAggregateRoot
      case 'mine': return this.filter.isMine(connection, entity)
      case 'custom': return added?.has(entity.entitySet) === true
    }
  }
}

function wayInside(kind: FoundItem['kind'], name: string, attribute: string | undefined): string[] {
  switch (kind) {
    case 'attribute': return [l10n.t('Attributes'), name]
    case 'enumValue': return [l10n.t('Attributes'), attribute ?? '', name]
    case 'reference': return [l10n.t('References'), name]
    case 'collection': return [l10n.t('Child collections'), name]
    default: return []
  }
}

/** What a person should know of the whole model. */
function noteOf(about: ModelAbout | undefined): string | undefined {
  if (about?.kind === 'standard') return l10n.t('standard model')
  return about?.kind === 'metadata' ? l10n.t('older instance: no labels and filters') : undefined
}
