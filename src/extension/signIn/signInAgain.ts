import { SingleFlight } from '../../core/base/singleFlight.ts'
import { type Connection, placeOf } from '../../core/instance/connection.ts'
import type { Changes } from './changes.ts'

export interface SignInAgainParts {
  readonly onDidChange: Changes['event']
  /** Asks the person; false where they don't want to. */
  ask(connection: Connection): Promise<boolean>
}

/**
 * Where a session is gone that nobody has signed out here, whoever waits for it is asked to sign in again, whatever has
 * found out first. Who was never signed in isn't asked: they get an error with a link.
 */
export class SignInAgain {
  readonly #parts: SignInAgainParts
  readonly #expected = new Set<string>()
  readonly #questions = new SingleFlight<boolean>()

  constructor(parts: SignInAgainParts) {
    this.#parts = parts
  }

  /** It is signed in, or was until now. */
  expect(connection: Connection): void {
    this.#expected.add(placeOf(connection))
  }

  /** Somebody has signed out here. */
  forgo(connection: Connection): void {
    this.#expected.delete(placeOf(connection))
  }

  expects(connection: Connection): boolean {
    return this.#expected.has(placeOf(connection))
  }

  /** One question for all who wait, until they answer, or are signed in by other means, such as in another window. */
  ask(connection: Connection): Promise<boolean> {
    return this.#questions.run(placeOf(connection), async () => {
      const elsewhere = Promise.withResolvers<boolean>()
      const listener = this.#parts.onDidChange(change => {
        if (change.connection.id === connection.id && change.what !== 'signedOut') elsewhere.resolve(true)
      })
      try {
        return await Promise.race([this.#parts.ask(connection), elsewhere.promise])
      } finally {
        listener.dispose()
      }
    })
  }
}
