import {
  type Command, Disposable, env, EventEmitter, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, window,
} from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { SandboxStatus, SignInState } from '../platform/contracts.ts'
import { wordsFor } from '../platform/words.ts'
import type { BrokenEntry, ConnectionStore } from './store.ts'

/** A timer for longer would fire at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

export interface ConnectionsViewOptions {
  readonly store: ConnectionStore
  readonly signInState: (connection: Connection) => Promise<SignInState>
  /** Undefined where this window doesn't use the sandbox. */
  readonly sandbox: () => SandboxStatus | undefined
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

/** The sandbox where it isn't running; where it is, its connection looks like any other. */
class SandboxNode {
  readonly id: string | undefined
  readonly phase: Exclude<SandboxStatus['phase'], 'running'>

  constructor(id: string | undefined, phase: SandboxNode['phase']) {
    this.id = id
    this.phase = phase
  }
}

type Node = ConnectionNode | SandboxNode | BrokenEntry

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
    const { store, sandbox } = this.#options
    const { phase, connection } = sandbox() ?? {}
    const isDown = phase !== undefined && phase !== 'running'
    const connections = store.list().filter(each => !isDown || each !== connection)
    return [
      ...connections.map(each => new ConnectionNode(each)),
      ...(isDown ? [new SandboxNode(connection?.id, phase)] : []),
      ...store.broken(),
    ]
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    if (node instanceof SandboxNode) return sandboxItem(node)
    if (!(node instanceof ConnectionNode)) return brokenItem(node)
    const { signInState, store, sandbox } = this.#options
    const state = await signInState(node.connection)
    this.#refreshAt(state.expiresAt)
    this.#refreshAt(state.slotUntil)
    const item = connectionItem(node.connection, state, store.selected()?.id === node.id)
    if (node.connection !== sandbox()?.connection) return item
    item.contextValue = 'sandbox.running'
    if (state.signedIn) item.description = `${l10n.t('running')} · ${new URL(node.connection.url).host}`
    return item
  }

  dispose(): void {
    clearTimeout(this.#timer?.handle)
    this.#disposables.dispose()
  }

  #refreshAt(time: number | undefined): void {
    const wait = (time ?? 0) - Date.now()
    if (time === undefined || wait < 0 || (this.#timer !== undefined && this.#timer.at <= time)) return
    clearTimeout(this.#timer?.handle)
    this.#timer = { at: time, handle: setTimeout(() => this.refresh(), Math.min(wait + 1000, LONGEST_WAIT_MS)) }
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
  item.command = selectCommand(connection.id)
  return item
}

/** Who is signed in, and as whom the APIs are called. */
function statusOf({ signedIn, account, service, external }: SignInState): string {
  if (!signedIn) return l10n.t('signed out')
  const user = account === undefined ? undefined : external === true ? l10n.t('{0} (external)', account) : account
  if (service === undefined) return user ?? l10n.t('signed in')
  return user === undefined ? l10n.t('as {0}', service) : l10n.t('{0}, calls as {1}', user, service)
}

/** How long it lasts, and what it holds. */
function lifeOf({ signedIn, external, service, expiresAt, renewable, slotUntil }: SignInState): string[] {
  if (!signedIn) return []
  const time = (moment: number): string => new Date(moment).toLocaleTimeString(env.language, { hour: '2-digit', minute: '2-digit' })
  return [
    ...(external === true && service !== undefined ? [l10n.t('No API opens to an external user; the application calls the APIs in its own name.')] : []),
    ...(expiresAt === undefined || renewable === true ? [] : [l10n.t('The sign-in lasts until {0}.', time(expiresAt))]),
    ...(expiresAt !== undefined && renewable === true ? [l10n.t('The token lasts until {0}, and is renewed when it is needed.', time(expiresAt))] : []),
    ...(slotUntil === undefined ? [] : [l10n.t('It holds a licence slot until {0}, if nothing else is asked.', time(slotUntil))]),
  ]
}

function sandboxItem({ id, phase }: SandboxNode): TreeItem {
  const [status, icon] = {
    starting: [l10n.t('starting…'), new ThemeIcon('loading~spin')],
    stopped: [l10n.t('not running'), new ThemeIcon('circle-slash')],
    crashed: [l10n.t('ended unexpectedly'), new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground'))],
  }[phase] as [string, ThemeIcon]
  const name = l10n.t('Sandbox')
  const item = new TreeItem(name)
  item.id = 'sandbox'
  item.description = status
  item.iconPath = icon
  item.tooltip = `${name}: ${status}`
  item.accessibilityInformation = { label: `${name}, ${status}` }
  item.contextValue = phase === 'starting' ? 'sandbox.starting' : 'sandbox.down'
  if (id !== undefined) item.command = selectCommand(id)
  return item
}

function selectCommand(id: string): Command {
  return { command: 'erpnet.connection.select', title: l10n.t('Select'), arguments: [{ id, interactive: true }] }
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
