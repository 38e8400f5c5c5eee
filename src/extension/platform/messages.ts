import { commands, ProgressLocation, window } from 'vscode'
import { asErpError, isErpError } from '../../core/base/errors.ts'
import type { Log } from './log.ts'
import type { Action } from './offers.ts'
import { wordsFor } from './words.ts'

/** A button under a message. */
export interface Choice {
  readonly label: string
  readonly act: () => unknown
}

/** What is done sooner needs no progress. */
const PROGRESS_AFTER_MS = 1000

/** The one place that talks to people in notifications. */
export class Messages {
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** Says what failed and offers what helps; a cancellation needs no words. Returns when the message is on its way. */
  showError(failure: unknown, connectionId?: string): void {
    if (isErpError(failure, 'cancelled') || isErpError(failure, 'sign-in-cancelled')) return
    this.record(failure)
    const { title, cure, actions } = wordsFor(failure, connectionId)
    void this.offer('error', cure === undefined ? title : `${title} ${cure}`, actions.map(toChoice))
  }

  /** Says something, and does what the person chooses. @returns what they chose; undefined when they put it away */
  async offer(severity: 'info' | 'error', text: string, choices: readonly Choice[]): Promise<Choice | undefined> {
    const show = severity === 'error' ? window.showErrorMessage : window.showInformationMessage
    const label = await show<string>(text, ...choices.map(choice => choice.label))
    const chosen = choices.find(choice => choice.label === label)
    try {
      await chosen?.act()
    } catch (error) {
      this.showError(error)
    }
    return chosen
  }

  /** Writes a failure to the log, for one that is shown elsewhere: the links there lead to it. */
  record(failure: unknown): void {
    this.#log.error(asErpError(failure))
  }

  /** Does something that may take long: after a second its title is shown, with a button that cancels it. */
  async during<T>(title: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    const result = action(abort.signal)
    const timer = setTimeout(() => void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
      token.onCancellationRequested(() => abort.abort())
      await Promise.allSettled([result])
    }), PROGRESS_AFTER_MS)
    return result.finally(() => clearTimeout(timer))
  }

  showInfo(text: string): void {
    void window.showInformationMessage(text)
  }
}

/** What the links of a failure do, as buttons. */
export function toChoice({ label, command, args }: Action): Choice {
  return { label, act: () => commands.executeCommand(command, ...args) }
}
