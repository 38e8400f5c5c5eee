import { Disposable, env, EventEmitter, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, window } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { SignInState } from '../platform/contracts.ts'
import { wordsFor } from '../platform/words.ts'
import type { BrokenEntry, ConnectionStore } from './store.ts'

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
  /** Wakes when what the view says of a time gets untrue. */
  #timer: { readonly at: number, readonly handle: NodeJS.Timeout } | undefined
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
    clearTimeout(this.#timer?.handle)
    this.#timer = undefined
    this.#changed.fire(undefined)
  }

  getChildren(): Node[] {
    const { store } = this.#options
    return [...store.list().map(connection => new ConnectionNode(connection)), ...store.broken()]
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    if (!(node instanceof ConnectionNode)) return brokenItem(node)
    const state = await this.#options.signInState(node.connection)
    this.#refreshAt(state.expiresAt)
    this.#refreshAt(state.slotUntil)
    return connectionItem(node.connection, state, this.#options.store.selected()?.id === node.id)
  }

  dispose(): void {
    clearTimeout(this.#timer?.handle)
    this.#disposables.dispose()
  }

  #refreshAt(time: number | undefined): void {
    const wait = (time ?? 0) - Date.now()
    if (time === undefined || wait < 0 || (this.#timer !== undefined && this.#timer.at <= time)) return
    clearTimeout(this.#timer?.handle)
    this.#timer = { at: time, handle: setTimeout(() => this.refresh(), wait + 1000) }
  }
}

function connectionItem(connection: Connection, state: SignInState, selected: boolean): TreeItem {
  const { signedIn } = state
  const item = new TreeItem(connection.name)
  const host = new URL(connection.url).host
  const status = statusOf(state)
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
    ...lifeOf(state),
    ...(selected ? [l10n.t('used by the views and by new notebooks')] : []),
    ...(connection.production ? [l10n.t('production data')] : []),
  ].join('\n')
  item.accessibilityInformation = { label: `${connection.name}, ${host}, ${status}${selected ? `, ${l10n.t('selected')}` : ''}` }
  item.command = { command: 'erpnet.connection.select', title: l10n.t('Select'), arguments: [{ id: connection.id, interactive: true }] }
  return item
}

/** Who is signed in, and as whom the APIs are called. */
function statusOf({ signedIn, account, service, external }: SignInState): string {
  if (!signedIn) return l10n.t('signed out')
  const user = account === undefined ? undefined : external === true ? l10n.t('{0} (from outside)', account) : account
  if (service === undefined) return user ?? l10n.t('signed in')
  return user === undefined ? l10n.t('as {0}', service) : l10n.t('{0}, calls as {1}', user, service)
}

/** How long it lasts, and what it holds. */
function lifeOf({ signedIn, external, service, expiresAt, renewable, slotUntil }: SignInState): string[] {
  if (!signedIn) return []
  const time = (moment: number): string => new Date(moment).toLocaleTimeString(env.language, { hour: '2-digit', minute: '2-digit' })
  return [
    ...(external === true && service !== undefined ? [l10n.t('No API opens to a user from outside; the application calls them by itself.')] : []),
    ...(expiresAt === undefined || renewable === true ? [] : [l10n.t('The sign-in lasts until {0}.', time(expiresAt))]),
    ...(expiresAt !== undefined && renewable === true ? [l10n.t('The token lasts until {0}, and is renewed when it is needed.', time(expiresAt))] : []),
    ...(slotUntil === undefined ? [] : [l10n.t('It holds a licence slot until {0}, if nothing else is asked.', time(slotUntil))]),
  ]
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
