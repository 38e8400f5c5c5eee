import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'
import type { NetworkSettings } from '../core/instance/way.ts'

/**
 * The certificate authorities to trust: Node's own, the operating system's, and those of the file that
 * `NODE_EXTRA_CA_CERTS` names. A worker of VS Code knows the first alone. Reads files and the system's store and
 * waits for them, which may take a while on macOS: for the engine worker only.
 *
 * @param warn told of what can't be read
 * @returns certificates as PEM; expired ones are left out, since they can mislead the search for a chain
 */
export function certificateAuthorities(
  { systemCertificates, environment: { extraCertificates } }: NetworkSettings, warn: (line: string) => void,
): string[] {
  const extra = extraCertificates === '' ? [] : readCertificates(extraCertificates, warn)
  const more = [...(systemCertificates ? ofTheSystem(warn) : []), ...extra]
  // the system's list has many of them twice, and most of Node's
  return [...new Set([...tls.rootCertificates, ...more].map(pem => pem.trim()))].filter(isValid)
}

/** Node has it since 22.15; an older one is helped by the editor's own `fetch`. */
function ofTheSystem(warn: (line: string) => void): string[] {
  try {
    return 'getCACertificates' in tls ? tls.getCACertificates('system') : []
  } catch (error) {
    warn(`http.systemCertificates: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

function readCertificates(file: string, warn: (line: string) => void): string[] {
  try {
    return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  } catch (error) {
    warn(`NODE_EXTRA_CA_CERTS: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

function isValid(pem: string): boolean {
  try {
    return Date.parse(new X509Certificate(pem).validTo) > Date.now()
  } catch {
    return false
  }
}
