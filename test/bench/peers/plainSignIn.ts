/** The same sign-in as a script of its own writes it: `openid-client`, one listener, and the model of the tables. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import * as oidc from 'openid-client'

export interface PlainSignIn {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  /** Root of the Table API. */
  readonly tables: string
  /** Sends the browser to the address, and gives the one that it is sent back to. */
  readonly browse: (url: string) => Promise<URL>
}

export async function plainSignIn({ issuer, clientId, redirectUri, tables, browse }: PlainSignIn): Promise<void> {
  const config = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] })
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: 'openid profile read', state,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  const { hostname, port } = new URL(redirectUri)
  const server = createServer((_, response) => response.end('done')).listen(Number(port), hostname)
  await once(server, 'listening')
  const callback = await browse(address.href)
  await (await fetch(callback)).text()
  const tokens = await oidc.authorizationCodeGrant(config, callback, { expectedState: state, pkceCodeVerifier: verifier })
  const model = await fetch(`${tables}$metadata`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
  await model.text()
  server.close()
  server.closeAllConnections()
}
