import { ErpError } from './errors.ts'

/** Why the signal ended it: the `ErpError` that it was aborted with, else `cancelled`. */
export function abortError(signal: AbortSignal): ErpError {
  const reason: unknown = signal.reason
  return reason instanceof ErpError ? reason : new ErpError('cancelled')
}

/** Waits for `promise`, but no longer than the signal allows: fails with `abortError`, while `promise` goes on. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(abortError(signal))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
