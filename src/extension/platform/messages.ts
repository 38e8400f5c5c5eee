import { commands, window } from 'vscode'
import { asErpError, isErpError } from '../../core/base/errors.ts'
import type { Log } from './log.ts'
import { wordsFor } from './words.ts'

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
    const message = cure === undefined ? title : `${title} ${cure}`
    void window.showErrorMessage(message, ...actions.map(action => action.label)).then(chosen => {
      const action = actions.find(({ label }) => label === chosen)
      if (action !== undefined) return commands.executeCommand(action.command, ...action.args)
      return undefined
    })
  }

  /** Writes a failure to the log, for one that is shown elsewhere: the links there lead to it. */
  record(failure: unknown): void {
    this.#log.error(asErpError(failure))
  }

  showInfo(text: string): void {
    void window.showInformationMessage(text)
  }
}
