import {
  type AuthenticationGetSessionOptions, type AuthenticationProvider, type AuthenticationProviderAuthenticationSessionsChangeEvent,
  type AuthenticationProviderSessionOptions, type AuthenticationSession, authentication, Disposable, EventEmitter,
} from 'vscode'
import { publicError } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import { Accounts } from './accounts.ts'
import type { Sessions } from './sessions.ts'

/**
 * The authentication provider `erpnet`: connections are accounts of VS Code's Accounts menu, and other extensions can
 * ask for their sessions (see `Accounts`).
 */
export class ErpAuthenticationProvider implements AuthenticationProvider, Disposable {
  readonly #connections: Connections
  readonly #sessions: Sessions
  readonly #accounts: Accounts
  readonly #changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>()
  readonly #disposables: Disposable
  readonly onDidChangeSessions = this.#changed.event

  constructor({ connections, sessions }: { connections: Connections; sessions: Sessions }) {
    this.#connections = connections
    this.#sessions = sessions
    this.#accounts = new Accounts({ connections, sessions, changed: change => this.#changed.fire(change) })
    this.#disposables = Disposable.from(
      this.#changed, this.#accounts,
      authentication.registerAuthenticationProvider('erpnet', 'ERP.net', this, { supportsMultipleAccounts: true }),
    )
  }

  async getSessions(
    scopes: readonly string[] | undefined, { account }: AuthenticationGetSessionOptions | AuthenticationProviderSessionOptions,
  ): Promise<AuthenticationSession[]> {
    return this.#accounts.sessions(scopes ?? [], account?.id)
  }

  /** What it throws, the extension that asked gets to see. */
  async createSession(scopes: readonly string[], { account }: AuthenticationProviderSessionOptions): Promise<AuthenticationSession> {
    try {
      return await this.#accounts.signIn(scopes, account?.id)
    } catch (error) {
      throw publicError(error)
    }
  }

  async removeSession(sessionId: string): Promise<void> {
    await this.#sessions.signOut(this.#connections.get(sessionId))
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}
