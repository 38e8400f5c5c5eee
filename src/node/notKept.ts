import { ErpError } from '../core/base/errors.ts'

/** What the file system threw where rows were put on disk, or taken from there, in our terms. */
export function notKept(cause: unknown): ErpError {
  return new ErpError('result-not-kept', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
}
