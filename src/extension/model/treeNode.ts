import { l10n, type MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import type { ModelTarget } from '../platform/contracts.ts'
import { wordsFor } from '../platform/words.ts'

export interface NodeParts {
  readonly icon: string
  readonly description?: string
  readonly tooltip?: MarkdownString
  readonly target?: ModelTarget
  /** For the `when` of menus. */
  readonly context?: string
  /** Absent where there is nothing to open. */
  readonly children?: () => readonly ModelNode[] | Promise<readonly ModelNode[]>
}

/** One line of a model tree. Its lines below are made when they are first asked for, and kept. */
export class ModelNode {
  readonly key: string
  readonly item: TreeItem
  readonly target: ModelTarget | undefined
  readonly #make: NodeParts['children']
  #children: Promise<readonly ModelNode[]> | undefined
  #parent: ModelNode | undefined

  /** @param key its label, by which it is told from those beside it */
  constructor(key: string, { icon, description, tooltip, target, context, children }: NodeParts) {
    this.key = key
    this.target = target
    this.#make = children
    this.item = new TreeItem(key, children === undefined ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed)
    this.item.id = key
    this.item.iconPath = new ThemeIcon(icon)
    if (description !== undefined && description !== '') this.item.description = description
    if (tooltip !== undefined) this.item.tooltip = tooltip
    if (context !== undefined) this.item.contextValue = context
  }

  get parent(): ModelNode | undefined {
    return this.#parent
  }

  /** Never fails: what can't be loaded is a line that says why; it is tried again the next time. */
  children(): Promise<readonly ModelNode[]> {
    this.#children ??= this.#load()
    return this.#children
  }

  async #load(): Promise<readonly ModelNode[]> {
    try {
      const children = (await this.#make?.()) ?? []
      const ids = new Set<string>()
      for (const child of children) child.#below(this, ids)
      return children
    } catch (error) {
      this.#children = undefined
      const failure = failureNode(error)
      failure.#below(this, new Set())
      return [failure]
    }
  }

  /**
   * A line is the same after a reload, and stays open: its id is the way to it. A model may name things twice,
   * ids must be different.
   */
  #below(parent: ModelNode, taken: Set<string>): void {
    this.#parent = parent
    let id = `${parent.item.id ?? ''}\n${this.key}`
    while (taken.has(id)) id += '\n'
    taken.add(id)
    this.item.id = id
  }
}

/** A line that says why others aren't there. */
export function failureNode(error: unknown): ModelNode {
  const { title, cure } = wordsFor(asErpError(error))
  const node = new ModelNode(title, { icon: 'warning', ...(cure === undefined ? {} : { description: cure }) })
  node.item.command = { command: 'erpnet.model.refresh', title: l10n.t('Try Again') }
  return node
}
