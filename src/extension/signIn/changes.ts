import type { Connection } from '../../core/instance/connection.ts'

export interface SignInChange {
  readonly connection: Connection
  /** `renewed`: it is the same sign-in, with new tokens; `used`: it takes a licence slot, or keeps it for longer. */
  readonly what: 'signedIn' | 'signedOut' | 'renewed' | 'used'
}

/** As much of VS Code's `EventEmitter` as is needed. */
export interface Changes {
  readonly event: (listener: (change: SignInChange) => unknown) => { dispose(): unknown }
  fire(change: SignInChange): void
}
