import type { User } from '../identity/accounts.ts'
import { Problem } from '../http.ts'
import { DATABASE } from './tools.ts'

/** `GET {UserProfile site}/me` (protocol sheet, section 2, "Who am I"). @throws Problem 403 for a service */
export function whoAmI(root: string, user: User | undefined): unknown {
  if (!user) throw new Problem(403, 'AuthorizationException', 'Only a user has a profile.')
  const { id, login, name, email, admin, type, locale } = user
  return {
    id, login, name, email, isAdmin: admin, userType: type, preferredLanguage: locale, phoneNumber: null,
    isActive: true,
    pictureUrl: null, largePictureUrl: null, person: null, domain: null, instance: { database: DATABASE, url: root },
    links: {
      profile: `${root}/profile`, accessTokens: `${root}/profile/security/tokens`,
      devices: `${root}/profile/security/devices`,
      changePassword: `${root}/profile/security/password`,
    },
  }
}
