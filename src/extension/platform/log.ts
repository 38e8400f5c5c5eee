import { type Disposable, type LogOutputChannel, window } from 'vscode'
import type { ErpError } from '../../core/base/errors.ts'
import { redact } from '../../core/base/redact.ts'

/** The log channel "ERP.net", made when there is something to say. Secrets are taken out of every line. */
export class Log implements Disposable {
  #channel: LogOutputChannel | undefined

  debug(line: string): void {
    this.#open().debug(redact(line))
  }

  info(line: string): void {
    this.#open().info(redact(line))
  }

  warn(line: string): void {
    this.#open().warn(redact(line))
  }

  error(error: ErpError): void {
    const cause = error.code === 'internal' && error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : ''
    this.#open().error(redact(`${error.message}${cause}`))
  }

  show(): void {
    this.#open().show()
  }

  dispose(): void {
    this.#channel?.dispose()
  }

  #open(): LogOutputChannel {
    return (this.#channel ??= window.createOutputChannel('ERP.net', { log: true }))
  }
}
