import {
  commands, type Disposable, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView, window,
} from 'vscode'
import type { ErrorCode } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { wordsFor } from '../platform/words.ts'
import { joined } from './nodeText.ts'
import type { Load } from './part.ts'
import { failureNode, type ModelNode } from './treeNode.ts'

/** What an empty view tells and offers; the texts are in the manifest's `viewsWelcome`. */
type ViewState = 'noConnection' | 'loading' | 'signedOut' | 'refused' | 'noLicence' | 'sandboxStopped' | 'unreachable' | 'ready'

export interface ModelViewOptions<T> {
  readonly id: 'erpnet.domainModel' | 'erpnet.tableModel'
  /** The connection whose model is shown. */
  readonly connection: () => Connection | undefined
  readonly load: (connection: Connection) => Load<T>
  readonly roots: (model: T, connection: Connection) => readonly ModelNode[] | Promise<readonly ModelNode[]>
  /** What to say of the whole of it, beside the connection's name. */
  readonly note?: (connection: Connection) => string | undefined
}

/** A tree over one part of the selected connection's model. */
export class ModelView<T> implements TreeDataProvider<ModelNode>, Disposable {
  readonly #options: ModelViewOptions<T>
  readonly #changed = new EventEmitter<undefined>()
  readonly #view: TreeView<ModelNode>
  #state: ViewState | undefined
  /** The lines that are shown, the same ones until the next refresh. */
  #shown: Promise<readonly ModelNode[]> | undefined
  readonly onDidChangeTreeData = this.#changed.event

  constructor(options: ModelViewOptions<T>) {
    this.#options = options
    this.#view = window.createTreeView(options.id, { treeDataProvider: this, showCollapseAll: true })
  }

  refresh(): void {
    this.#shown = undefined
    this.#changed.fire(undefined)
  }

  /** Shows and selects the line at the end of that way of keys, or the last that there is on it. */
  async reveal(way: readonly string[]): Promise<void> {
    let found: ModelNode | undefined
    let nodes: readonly ModelNode[] = await this.getChildren()
    for (const key of way) {
      const next = nodes.find(node => node.key === key)
      if (next === undefined) break
      found = next
      nodes = await next.children()
    }
    if (found !== undefined) await this.#view.reveal(found, { select: true, focus: true, expand: true })
  }

  getTreeItem(node: ModelNode): TreeItem {
    return node.item
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node !== undefined) return [...await node.children()]
    this.#shown ??= this.#roots()
    return [...await this.#shown]
  }

  getParent(node: ModelNode): ModelNode | undefined {
    return node.parent
  }

  dispose(): void {
    this.#view.dispose()
    this.#changed.dispose()
  }

  async #roots(): Promise<readonly ModelNode[]> {
    const connection = this.#options.connection()
    if (connection === undefined) return this.#show('noConnection')
    const load = this.#options.load(connection)
    if (load.state === 'ready') {
      this.#show('ready', joined(connection.name, this.#options.note?.(connection)))
      try {
        return await this.#options.roots(load.value, connection)
      } catch (error) {
        return [failureNode(error)]
      }
    }
    if (load.state === 'failed') {
      const state = stateOf(load.error.code)
      return this.#show(state, state === 'unreachable' ? wordsFor(load.error).title : connection.name)
    }
    this.#show('loading', connection.name)
    // VS Code shows the view's progress until this returns.
    await Promise.allSettled([load.promise])
    return this.#roots()
  }

  #show(state: ViewState, description = ''): [] {
    this.#view.description = description
    if (state !== this.#state) void commands.executeCommand('setContext', `${this.#options.id}.state`, state)
    this.#state = state
    return []
  }
}

function stateOf(code: ErrorCode): ViewState {
  if (code === 'signed-out') return 'signedOut'
  if (code === 'unauthorized') return 'refused'
  if (code === 'sandbox-stopped') return 'sandboxStopped'
  return code === 'no-licence' ? 'noLicence' : 'unreachable'
}
