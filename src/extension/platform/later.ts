import { commands, Disposable } from 'vscode'

/**
 * Commands whose code is loaded when the first of them is called, so that what the editor starts with stays small.
 *
 * @param load loads the code; what it gives registers the same commands
 */
export function registerLater(ids: readonly string[], load: () => Promise<() => Disposable>): Disposable {
  let current = Disposable.from(...ids.map(id => commands.registerCommand(id, async (...args: readonly unknown[]): Promise<unknown> => {
    await (loading ??= replace().catch((error: unknown) => {
      loading = undefined // it is tried again the next time
      throw error
    }))
    return commands.executeCommand(id, ...args)
  })))
  let loading: Promise<void> | undefined
  const replace = async (): Promise<void> => {
    const register = await load()
    current.dispose()
    current = register()
  }
  return new Disposable(() => void current.dispose())
}
