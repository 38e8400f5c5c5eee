/**
 * Watches the extension host for promises whose failure nobody handles: VS Code only writes them to a log.
 * @returns gives those that are unhandled at that moment, as text; cancelled ones are nobody's bug
 */
export function watchRejections(): () => string[] {
  const unhandled = new Map<Promise<unknown>, unknown>()
  process.on('unhandledRejection', (reason, promise) => unhandled.set(promise, reason))
  process.on('rejectionHandled', promise => unhandled.delete(promise))
  return () => [...unhandled.values()].map(describe).filter(text => !/^(Error: )?Cancell?ed\b/.test(text))
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
}
