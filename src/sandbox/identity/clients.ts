import type { ClientMetadata } from 'oidc-provider'

import {
  hasServiceIdentity, redirectUris, serviceScopes, signedOutUris, userScopes, type Application,
} from './applications.ts'

/** A Trusted Application as the provider library wants to know it: what it may do follows from its attributes. */
export function clientMetadata(application: Application): ClientMetadata {
  const { clientId, name, clientType, applicationSecretHash } = application
  const isPublic = clientType === 'Public'
  const signsIn = application.impersonateAsInternalUserAllowed || application.impersonateAsCommunityUserAllowed
  const service = hasServiceIdentity(application)
  const scopes = new Set([...signsIn ? userScopes(application) : [], ...service ? serviceScopes(application) : []])
  return {
    client_id: clientId,
    client_name: name,
    // `web`: as `native`, any loopback port would do; ERP.net compares the whole address.
    application_type: 'web',
    redirect_uris: redirectUris(application),
    post_logout_redirect_uris: signedOutUris(application),
    grant_types: [
      ...(signsIn ? ['authorization_code', 'refresh_token'] : []),
      ...(service ? ['client_credentials'] : []),
    ],
    response_types: signsIn ? ['code'] : [],
    // Without any it would be free to ask for all; `openid` is of no use to one that has no grant.
    scope: [...scopes].join(' ') || 'openid',
    ...(isPublic
      ? { token_endpoint_auth_method: 'none' }
      // Without a secret of its own it has one that nobody knows.
      : {
          token_endpoint_auth_method: 'client_secret_post',
          client_secret: applicationSecretHash ?? `none ${crypto.randomUUID()}`,
        }),
  }
}
