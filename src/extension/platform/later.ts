import { commands, Disposable } from 'vscode'

/**
 * Commands whose code is loaded when the first of them is called, so that what the editor starts with stays small.
 *
 * @param load loads the code; what it gives registers the same commands
 */
export function registerLater(ids: readonly string[], load: () => Promise<() => Disposable>): Disposable {
  let current = Disposable.from(...ids.map(id => commands.registerCommand(id, async (...args: readonly unknown[]): Promise<unknown> => {
    await replace()
    return commands.executeCommand(id, ...args)
  })))
  const replace = once(async () => {
    const register = await load()
    current.dispose()
    current = register()
  })
  return new Disposable(() => void current.dispose())
}

/** Makes something when it is first asked for; when that fails, it is tried again the next time. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => made ??= make().catch((error: unknown) => {
    made = undefined
    throw error
  })
}
