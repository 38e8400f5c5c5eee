import { ConfigurationTarget, type Disposable, EventEmitter, type Memento, workspace } from 'vscode'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import { isJsonObject, textOf } from '../../core/base/json.ts'
import { type Connection, readConnection, serialise } from '../../core/instance/connection.ts'
import type { Connections } from '../platform/contracts.ts'

/** An entry of the setting that cannot be used, and why. */
export interface BrokenEntry {
  /** Where it has one. */
  readonly id: string | undefined
  readonly name: string
  readonly error: ErpError
}

const SELECTED = 'erpnet.selectedConnection'

/** The connections of the setting `erpnet.connections`, which a person may edit at any time, and one that is lent. */
export class ConnectionStore implements Connections, Disposable {
  readonly #changed = new EventEmitter<void>()
  readonly #memento: Memento
  readonly #listener: Disposable
  #read: { connections: Connection[]; broken: BrokenEntry[] } | undefined
  #lent: Connection | undefined
  readonly onDidChange = this.#changed.event

  /** @param memento keeps which connection this workspace has selected */
  constructor(memento: Memento) {
    this.#memento = memento
    this.#listener = workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('erpnet.connections')) this.#refresh()
    })
  }

  list(): readonly Connection[] {
    const { connections } = this.#entries()
    const lent = this.#lent
    return lent === undefined || connections.some(({ id }) => id === lent.id) ? connections : [...connections, lent]
  }

  /** Adds a connection that only this window has, as long as it has it; no setting tells of it. Undefined takes it back. */
  lend(connection: Connection | undefined): void {
    this.#lent = connection
    this.#refresh()
  }

  /** Entries that a person mistyped: the view shows them, nothing else uses them. */
  broken(): readonly BrokenEntry[] {
    return this.#entries().broken
  }

  get(id: string): Connection {
    const connection = this.find(id)
    if (connection === undefined) throw new ErpError('connection-unknown', { id })
    return connection
  }

  find(id: string): Connection | undefined {
    return this.list().find(connection => connection.id === id)
  }

  /** The chosen one; where none was chosen, or it is gone, the first. */
  selected(): Connection | undefined {
    const id = this.#memento.get<string>(SELECTED)
    return (id === undefined ? undefined : this.find(id)) ?? this.list()[0]
  }

  /** Throws `connection-unknown`. */
  async select(id: string): Promise<void> {
    this.get(id)
    await this.#memento.update(SELECTED, id)
    this.#refresh()
  }

  /** Adds the connection, or puts it in the place of the one with its id. One change at a time. */
  async save(connection: Connection): Promise<void> {
    if (connection.id === this.#lent?.id) {
      this.lend(connection)
      return
    }
    const entries = settingEntries()
    const index = placeOf(entries, connection.id)
    if (index < 0) entries.push(serialise(connection))
    else entries[index] = serialise(connection)
    await this.#write(entries)
  }

  /** Entries that a person mistyped stay. One change at a time. */
  async remove(id: string): Promise<void> {
    if (id === this.#lent?.id) {
      this.lend(undefined)
      return
    }
    const entries = settingEntries()
    const place = placeOf(entries, id)
    await this.#write(entries.filter((_, index) => index !== place))
  }

  dispose(): void {
    this.#listener.dispose()
    this.#changed.dispose()
  }

  async #write(entries: unknown[]): Promise<void> {
    await workspace.getConfiguration('erpnet').update('connections', entries, ConfigurationTarget.Global)
    this.#refresh()
  }

  #refresh(): void {
    this.#read = undefined
    this.#changed.fire()
  }

  #entries(): { connections: Connection[]; broken: BrokenEntry[] } {
    return (this.#read ??= readEntries())
  }
}

function readEntries(): { connections: Connection[]; broken: BrokenEntry[] } {
  const connections: Connection[] = []
  const broken: BrokenEntry[] = []
  for (const entry of settingEntries()) {
    try {
      const connection = readConnection(entry)
      if (connections.some(({ id }) => id === connection.id)) throw new ErpError('connection-exists', { id: connection.id })
      connections.push(connection)
    } catch (error) {
      broken.push({ id: idOf(entry), name: nameOf(entry), error: asErpError(error) })
    }
  }
  return { connections, broken }
}

/** Only what the user set: a workspace must not say where tokens are sent. */
function settingEntries(): unknown[] {
  const value = workspace.getConfiguration('erpnet').inspect<unknown>('connections')?.globalValue
  return Array.isArray(value) ? [...(value as unknown[])] : []
}

/** Where the connection stands; else a mistyped entry with its id; -1 where there is none. */
function placeOf(entries: readonly unknown[], id: string): number {
  const same = entries.flatMap((entry, index) => idOf(entry) === id ? index : [])
  return same.find(index => isConnection(entries[index])) ?? same[0] ?? -1
}

function isConnection(entry: unknown): boolean {
  try {
    readConnection(entry)
    return true
  } catch {
    return false
  }
}

function idOf(entry: unknown): string | undefined {
  return isJsonObject(entry) ? textOf(entry, 'id') : undefined
}

function nameOf(entry: unknown): string {
  return (isJsonObject(entry) ? (textOf(entry, 'name') ?? textOf(entry, 'id')) : undefined) ?? '?'
}
