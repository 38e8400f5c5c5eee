import { ErpError } from '../core/base/errors.ts'
import { plainLine } from '../core/base/redact.ts'

/** Certificates that Node refuses (the error codes of OpenSSL's verification and of Node's own host name check). */
const CERTIFICATE =
  /^(CERT_|CRL_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/

/**
 * Says in our terms what went wrong on the way to a server: what Node's sockets and undici throw.
 *
 * @param host host and port, for people
 * @returns `cancelled`, `host-not-found`, `connection-refused`, `connection-timed-out`, `connection-cut`,
 *   `certificate-invalid`, or `network` for anything else
 */
export function wayError(error: unknown, host: string, signal?: AbortSignal): ErpError {
  if (error instanceof ErpError) return error
  const options = { cause: error }
  if (signal?.aborted === true) return new ErpError('cancelled', {}, options)
  const code = codeOf(error)
  const reason = plainLine(error instanceof Error && error.message !== '' ? error.message : code, 200)
  if (CERTIFICATE.test(code)) return new ErpError('certificate-invalid', { host, reason }, options)
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ErpError('host-not-found', { host }, options)
    case 'ECONNREFUSED':
      return new ErpError('connection-refused', { host }, options)
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return new ErpError('connection-timed-out', { host }, options)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'HPE_INVALID_EOF_STATE':
      return new ErpError('connection-cut', { host }, options)
    default:
      return new ErpError('network', { host, reason }, options)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
