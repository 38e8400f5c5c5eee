import { ErpError } from '../base/errors.ts'

/** Why a text can't be the address that the browser was sent back to. */
export type PastedFault = 'no-address' | 'other-page' | 'other-sign-in'

/**
 * Reads the address that a person copied from their browser, which could not come back by itself: that of a page of
 * the redirect address, for the sign-in with that state. The browser may have left out `http://`.
 *
 * @throws `sign-in-pasted` with the `reason`, a `PastedFault` (never the address: it carries the code)
 */
export function readPastedAddress(text: string, { redirectUri, state }: { redirectUri: string, state: string }): string {
  const expected = new URL(redirectUri)
  const typed = text.trim()
  const address = /^https?:\/\//i.test(typed) ? typed : `${expected.protocol}//${typed}`
  if (!URL.canParse(address)) throw wrong('no-address')
  const url = new URL(address)
  if (url.host !== expected.host || url.pathname !== expected.pathname) throw wrong('other-page')
  const states = url.searchParams.getAll('state')
  if (states.length !== 1 || states[0] !== state) throw wrong('other-sign-in')
  return url.href
}

function wrong(reason: PastedFault): ErpError {
  return new ErpError('sign-in-pasted', { reason })
}
