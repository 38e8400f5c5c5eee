import { ErpError, asErpError, type ErrorCode } from '../core/base/errors.ts'
import { normaliseAddress } from '../core/instance/address.ts'
import { DISCOVERY_PATHS, possibleRoots, readDiscovery } from '../core/instance/discovery.ts'
import type { Instance } from '../core/instance/instance.ts'
import { readJson } from './http.ts'

/**
 * What an address may answer where no instance is, so that the next one is worth trying; the ones further down tell
 * more than those above them.
 */
const NOTHING_HERE: readonly ErrorCode[] = [
  'unauthorized', 'forbidden', 'not-found', 'instance-not-found', 'html-instead-of-data', 'server-error', 'unexpected-answer',
]
const TELLING: readonly ErrorCode[] = ['html-instead-of-data', 'server-error', 'unexpected-answer']

/**
 * Finds an instance by auto-discovery: at both documented addresses (protocol sheet, section 1), at the address's own
 * path and then upwards to its origin. Anonymous.
 *
 * @throws what `normaliseAddress` throws; the way's errors at once; when nothing was found the error that tells most:
 *   a wrong answer, the server's own error, a page where data was due, else `instance-not-found`
 */
export async function discover({ address }: { address: string }, signal?: AbortSignal): Promise<Instance> {
  const start = normaliseAddress(address)
  let best: ErpError | undefined
  for (const root of possibleRoots(start)) {
    for (const path of DISCOVERY_PATHS) {
      try {
        const json = await readJson(root + path, { signal, answerWithinSeconds: 30 })
        return readDiscovery(json, root)
      } catch (thrown) {
        const error = asErpError(thrown)
        if (!NOTHING_HERE.includes(error.code)) throw error
        best = moreTelling(best, error)
      }
    }
  }
  if (best !== undefined && TELLING.includes(best.code)) throw best
  throw new ErpError('instance-not-found', { address: start }, { cause: best })
}

function moreTelling(known: ErpError | undefined, next: ErpError): ErpError {
  return known !== undefined && NOTHING_HERE.indexOf(known.code) >= NOTHING_HERE.indexOf(next.code) ? known : next
}
