import type { KoaContextWithOIDC } from 'oidc-provider'

import type { IdentityStore } from './adapter.ts'

interface SignOutParts {
  readonly issuer: string
  readonly store: IdentityStore
  readonly onSignOut: (sids: readonly string[]) => void
}

/** The API sessions of a browser's sign-in, by `sid`: one an application; without `openid` it is the sign-in's own. */
export function endedSids(ctx: KoaContextWithOIDC): string[] {
  const { session } = ctx.oidc
  const sids = Object.values(session?.authorizations ?? {}).map(({ sid }) => sid)
  return [session?.uid, ...sids].filter(sid => sid !== undefined)
}

/**
 * Ends the browser's sign-in in one go, where the provider library would show a page first (that page is the other
 * documented reading: quirk `sign-out-page`). What was asked has been checked by the library, and is in the state.
 */
export async function signOutAtOnce(ctx: KoaContextWithOIDC, { issuer, store, onSignOut }: SignOutParts): Promise<void> {
  const { session, provider } = ctx.oidc
  if (!session) return
  const { postLogoutRedirectUri, state } = session.state ?? {}
  onSignOut(endedSids(ctx))
  for (const { grantId } of Object.values(session.authorizations ?? {})) {
    if (grantId !== undefined) store.revokeGrant(grantId)
  }
  await session.destroy()
  ctx.cookies.set(provider.cookieName('session'), null, { path: '/id' })
  const leaves = typeof postLogoutRedirectUri === 'string'
  const back = new URL(leaves ? postLogoutRedirectUri : `${issuer}/connect/endsession/success`)
  if (leaves && typeof state === 'string') back.searchParams.set('state', state)
  ctx.redirect(back.href)
}
