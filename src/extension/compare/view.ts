import {
  commands, Disposable, EventEmitter, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, type TreeView, window,
} from 'vscode'
import type { Difference } from '../../core/model/compare.ts'
import type { Comparison } from './sources.ts'

const ID = 'erpnet.comparison'

/** The view of the last comparison: there while one is open. */
export class ComparisonView implements TreeDataProvider<Difference>, Disposable {
  readonly #changed = new EventEmitter<undefined>()
  readonly #view: TreeView<Difference>
  readonly #disposables: Disposable
  #comparison: Comparison | undefined
  readonly onDidChangeTreeData = this.#changed.event

  constructor() {
    this.#view = window.createTreeView(ID, { treeDataProvider: this, showCollapseAll: true })
    this.#disposables = Disposable.from(this.#changed, this.#view)
  }

  /** The one that is open. */
  get comparison(): Comparison | undefined {
    return this.#comparison
  }

  /** Opens one, or closes the view. */
  async show(comparison: Comparison | undefined): Promise<void> {
    this.#comparison = comparison
    this.#view.description = comparison === undefined ? '' : `${comparison.before} → ${comparison.after}`
    this.#view.message = comparison === undefined ? '' : summary(comparison.differences)
    await commands.executeCommand('setContext', `${ID}.open`, comparison !== undefined)
    this.#changed.fire(undefined)
  }

  getChildren(difference?: Difference): Difference[] {
    return [...difference === undefined ? this.#comparison?.differences ?? [] : difference.parts]
  }

  getTreeItem(difference: Difference): TreeItem {
    const { name, change, before, after, parts, kind } = difference
    const state = parts.length === 0 ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed
    const item = new TreeItem(name === '' ? l10n.t('order of the parameters') : name, state)
    item.iconPath = icon(change)
    const facts = change !== 'changed' ? before + after : before === after ? '' : `${before} → ${after}`
    item.description = [kind === 'entity' ? '' : kindWords(kind), facts].filter(text => text !== '').join(' · ')
    item.tooltip = [name, changeWords(change), ...(change === 'changed' ? [before, after] : [before + after])].filter(text => text !== '').join('\n')
    item.accessibilityInformation = { label: `${name}, ${changeWords(change)}, ${item.description}` }
    return item
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}

/** `3 added, 1 removed, 10 changed`: entities. */
export function summary(differences: readonly Difference[]): string {
  const count = (change: Difference['change']): string => String(differences.filter(difference => difference.change === change).length)
  return l10n.t('Entities: {0} added, {1} removed, {2} changed.', count('added'), count('removed'), count('changed'))
}

function icon(change: Difference['change']): ThemeIcon {
  switch (change) {
    case 'added': return new ThemeIcon('diff-added', new ThemeColor('gitDecoration.addedResourceForeground'))
    case 'removed': return new ThemeIcon('diff-removed', new ThemeColor('gitDecoration.deletedResourceForeground'))
    case 'changed': return new ThemeIcon('diff-modified', new ThemeColor('gitDecoration.modifiedResourceForeground'))
  }
}

function changeWords(change: Difference['change']): string {
  switch (change) {
    case 'added': return l10n.t('added')
    case 'removed': return l10n.t('removed')
    case 'changed': return l10n.t('changed')
  }
}

function kindWords(kind: Difference['kind']): string {
  switch (kind) {
    case 'entity': return l10n.t('entity')
    case 'attribute': return l10n.t('attribute')
    case 'reference': return l10n.t('reference')
    case 'collection': return l10n.t('child collection')
    case 'method': return l10n.t('method')
    case 'value': return l10n.t('value')
    case 'parameter': return l10n.t('parameter')
  }
}
