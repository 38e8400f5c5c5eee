import { commands, type Disposable } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/base/json.ts'
import { checkArguments } from './arguments.ts'
import type { Messages } from './messages.ts'
import { wordsFor } from './words.ts'

export interface Command {
  /** From the palette, a menu or a link: asks for what it needs. `target` is the tree item or the link's object, if any. */
  readonly interactive: (target: unknown) => unknown
  /** From a key binding, another extension or a test, with an object: no dialogs, returns a result. */
  readonly called?: (args: JsonObject) => unknown
}

/**
 * Registers a command that people and programs can call. Failures are shown to people, and thrown to programs
 * as an `Error` whose `code` is published and whose message ends with it in brackets, so that it survives the
 * way to another extension host.
 */
export function registerCommand(id: string, command: Command, messages: Messages): Disposable {
  return commands.registerCommand(id, async (argument: unknown) => {
    const { called } = command
    if (called !== undefined && isPlainObject(argument) && argument['interactive'] !== true) {
      try {
        checkArguments(argument)
        return await called(argument)
      } catch (error) {
        throw publicError(error)
      }
    }
    try {
      return await command.interactive(argument)
    } catch (error) {
      messages.showError(error)
      return undefined
    }
  })
}

/** An object literal, in contrast to a tree item. */
function isPlainObject(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.getPrototypeOf(value) === Object.prototype
}

/** A failure for other extensions. */
export function publicError(failure: unknown): Error {
  const error = asErpError(failure)
  const { title, cure } = wordsFor(error)
  const message = cure === undefined ? title : `${title} ${cure}`
  return Object.assign(new Error(`${message} [${error.code}]`), { code: error.code })
}
