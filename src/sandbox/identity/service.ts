import { errors, type ResourceServer, type TokenEndpointGrantContext } from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import { applicationOf, type Accounts } from './accounts.ts'
import { serviceScopes } from './applications.ts'
import { chooseScopes } from './requests.ts'

interface ServiceParts {
  readonly accounts: Accounts
  readonly quirks: Quirks
  readonly resource: string
  readonly info: ResourceServer
}

/**
 * The grant `client_credentials`: a token in the name of the application's system user, with all the scopes that it is
 * allowed when none is asked. The library's own knows no such default.
 * @throws InvalidScope for one that it is not allowed
 */
export async function answerClientCredentials(
  ctx: TokenEndpointGrantContext, { accounts, quirks, resource, info }: ServiceParts,
): Promise<void> {
  const { client, params, provider } = ctx.oidc
  const application = applicationOf(accounts, client.clientId)
  const { granted, refused } = chooseScopes(params.scope, application ? serviceScopes(application) : [], quirks)
  if (refused !== undefined) throw new errors.InvalidScope('requested scope is not allowed', refused)
  const token = new provider.ClientCredentials({ client, scope: granted.join(' ') })
  token.resourceServer = new provider.ResourceServer(resource, info)
  ctx.oidc.entity('ClientCredentials', token)
  ctx.body = {
    access_token: await token.save(), expires_in: token.expiration, scope: token.scope, token_type: token.tokenType,
  }
}
