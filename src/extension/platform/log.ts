import { type Disposable, type LogOutputChannel, window, workspace } from 'vscode'
import type { ErpError } from '../../core/base/errors.ts'
import { redact } from '../../core/base/redact.ts'

/** The log channel "ERP.net", made when there is something to say. Secrets are taken out of every line. */
export class Log implements Disposable {
  #channel: LogOutputChannel | undefined

  /** A request was sent; at which level such lines stand is a setting. */
  request(line: string): void {
    const level = workspace.getConfiguration('erpnet').get<'off' | 'trace' | 'debug' | 'info'>('trace', 'debug')
    if (level !== 'off') this.#open()[level](redact(line))
  }

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
