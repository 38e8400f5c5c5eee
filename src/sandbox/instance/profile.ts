import { Problem } from '../http.ts'
import type { User } from '../identity/accounts.ts'
import { DATABASE } from './tools.ts'

type Language = 'en' | 'bg'

/** The instance's own company, as its users see it. */
const DOMAIN: Readonly<Record<Language, string>> = { en: 'Balkan Trade', bg: 'Балкан Трейд' }

/**
 * `GET {UserProfile site}/me` (protocol sheet, section 2, "Who am I"). What an external user has no part in is null.
 * @param accepted the request's `Accept-Language`; without one it is the user's own language
 * @throws Problem 403 for a service
 */
export function whoAmI(root: string, user: User | undefined, accepted: string | undefined): unknown {
  if (!user) throw new Problem(403, 'AuthorizationException', 'Only a user has a profile.')
  const { id, login, name, email, admin, type, locale, active } = user
  const internal = type === 'InternalUser'
  return {
    id, login, name, email, isAdmin: admin, userType: type, preferredLanguage: locale, phoneNumber: null,
    isActive: active,
    pictureUrl: null, largePictureUrl: null, person: internal && !admin ? { name } : null,
    domain: internal ? { name: DOMAIN[languageOf(accepted, locale)] } : null,
    instance: { database: DATABASE, url: root },
    links: {
      profile: `${root}/profile`, accessTokens: `${root}/profile/security/tokens`,
      devices: `${root}/profile/security/devices`,
      changePassword: `${root}/profile/security/password`,
    },
  }
}

/** The best of `bg;q=0.5, en` that there is (RFC 9110, section 12.5.4). */
function languageOf(accepted: string | undefined, usual: Language): Language {
  const wishes = (accepted ?? '').split(',').map(wish => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';')
    const [, quality = 1] = /^\s*q=([\d.]+)$/m.exec(parameters.join('\n')) ?? []
    return { language: tag.split('-')[0], quality: Number(quality) }
  })
  wishes.sort((one, other) => other.quality - one.quality)
  const best = wishes.find(({ language, quality }) => quality > 0 && (language === 'en' || language === 'bg'))
  return best ? best.language as Language : usual
}
