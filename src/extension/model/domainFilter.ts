import { EventEmitter, l10n, type Memento } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { DomainEntity } from '../../core/model/domain.ts'

/** Which entities the tree shows. */
export type FilterName = 'all' | 'roots' | 'custom' | 'mine'

export const FILTERS: readonly FilterName[] = ['all', 'roots', 'custom', 'mine']

const CHOSEN = 'erpnet.domainModel.filter'
const MINE = 'erpnet.domainModel.mine'

/** The choice of entities, for a workspace, and a person's own ones, for every window. */
export class DomainFilter {
  readonly #workspace: Memento
  readonly #global: Memento
  readonly #changed = new EventEmitter<void>()
  readonly onDidChange = this.#changed.event

  constructor(workspace: Memento, global: Memento) {
    this.#workspace = workspace
    this.#global = global
  }

  get chosen(): FilterName {
    return this.#workspace.get<FilterName>(CHOSEN, 'all')
  }

  async choose(name: FilterName): Promise<void> {
    await this.#workspace.update(CHOSEN, name)
    this.#changed.fire()
  }

  isMine(connection: Connection, { entitySet }: Pick<DomainEntity, 'entitySet'>): boolean {
    return this.#mine(connection).includes(entitySet)
  }

  async setMine(connection: Pick<Connection, 'id'>, entitySet: string, mine: boolean): Promise<void> {
    const others = this.#mine(connection).filter(each => each !== entitySet)
    await this.#global.update(`${MINE}.${connection.id}`, mine ? [...others, entitySet] : others)
    this.#changed.fire()
  }

  /** Forgets a person's own entities. */
  async forgetMine({ id }: Pick<Connection, 'id'>): Promise<void> {
    await this.#global.update(`${MINE}.${id}`, undefined)
    this.#changed.fire()
  }

  dispose(): void {
    this.#changed.dispose()
  }

  #mine({ id }: Pick<Connection, 'id'>): readonly string[] {
    return this.#global.get<readonly string[]>(`${MINE}.${id}`, [])
  }
}

export function filterTitle(name: FilterName): string {
  switch (name) {
    case 'all': return l10n.t('All entities')
    case 'roots': return l10n.t('Aggregate roots')
    case 'custom': return l10n.t('With custom attributes')
    case 'mine': return l10n.t('My entities')
  }
}

export function filterDetail(name: FilterName): string {
  switch (name) {
    case 'all': return l10n.t('Everything in the model')
    case 'roots': return l10n.t('What can be created by itself: documents, parties, products')
    case 'custom': return l10n.t('Custom properties and calculated attributes of this instance')
    case 'mine': return l10n.t('Those that you have added with the star')
  }
}
