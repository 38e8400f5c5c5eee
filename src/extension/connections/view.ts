import { Disposable, EventEmitter, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, window } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import { wordsFor } from '../platform/words.ts'
import type { BrokenEntry, ConnectionStore } from './store.ts'

/** What the view says of a connection's sign-in. */
export interface SignInState {
  readonly signedIn: boolean
  /** Who is signed in, for people. */
  readonly account?: string
}

export interface ConnectionsViewOptions {
  readonly store: ConnectionStore
  readonly signInState: (connection: Connection) => Promise<SignInState>
}

/** A connection in the view; commands of its menu get it as their argument. */
export class ConnectionNode {
  readonly id: string
  readonly connection: Connection

  constructor(connection: Connection) {
    this.id = connection.id
    this.connection = connection
  }
}

type Node = ConnectionNode | BrokenEntry

/** The view `erpnet.connections`. */
export class ConnectionsView implements TreeDataProvider<Node> {
  readonly #options: ConnectionsViewOptions
  readonly #changed = new EventEmitter<undefined>()
  readonly #disposables: Disposable
  readonly onDidChangeTreeData = this.#changed.event

  constructor(options: ConnectionsViewOptions) {
    this.#options = options
    this.#disposables = Disposable.from(
      this.#changed,
      options.store.onDidChange(() => this.refresh()),
      window.registerTreeDataProvider('erpnet.connections', this),
    )
  }

  refresh(): void {
    this.#changed.fire(undefined)
  }

  getChildren(): Node[] {
    const { store } = this.#options
    return [...store.list().map(connection => new ConnectionNode(connection)), ...store.broken()]
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    if (!(node instanceof ConnectionNode)) return brokenItem(node)
    const state = await this.#options.signInState(node.connection)
    return connectionItem(node.connection, state, this.#options.store.selected()?.id === node.id)
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}

function connectionItem(connection: Connection, { signedIn, account }: SignInState, selected: boolean): TreeItem {
  const item = new TreeItem(connection.name)
  const host = new URL(connection.url).host
  const status = signedIn ? (account ?? l10n.t('signed in')) : l10n.t('signed out')
  item.id = connection.id
  item.description = `${host} · ${status}`
  item.iconPath = new ThemeIcon(
    signedIn ? (selected ? 'pass-filled' : 'pass') : selected ? 'circle-large-filled' : 'circle-large-outline',
    signedIn ? new ThemeColor('testing.iconPassed') : undefined,
  )
  item.contextValue = `connection.${signedIn ? 'signedIn' : 'signedOut'}`
  item.tooltip = [
    connection.name,
    connection.url,
    ...(connection.clientId === undefined ? [] : [connection.clientId]),
    status,
    ...(selected ? [l10n.t('used by the views and by new notebooks')] : []),
    ...(connection.production ? [l10n.t('production data')] : []),
  ].join('\n')
  item.accessibilityInformation = { label: `${connection.name}, ${host}, ${status}${selected ? `, ${l10n.t('selected')}` : ''}` }
  item.command = { command: 'erpnet.connection.select', title: l10n.t('Select'), arguments: [{ id: connection.id, interactive: true }] }
  return item
}

function brokenItem({ name, error }: BrokenEntry): TreeItem {
  const { title, cure } = wordsFor(error)
  const item = new TreeItem(name)
  item.description = title
  item.tooltip = cure === undefined ? title : `${title}\n${cure}`
  item.iconPath = new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground'))
  item.contextValue = 'brokenConnection'
  item.command = { command: 'workbench.action.openSettingsJson', title: l10n.t('Open settings'), arguments: [{ revealSetting: { key: 'erpnet.connections' } }] }
  return item
}
