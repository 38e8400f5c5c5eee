/** The sites of the instance: ERP.net's type, where it lies below the root, and whether it belongs to the system. */
export const SITES = [
  { type: 'ID', path: '/id', system: true },
  { type: 'DomainAPI', path: '/api', system: false },
  { type: 'TableAPI', path: '/tableapi', system: false },
  { type: 'UserProfile', path: '/profile', system: true },
] as const

export type SiteType = (typeof SITES)[number]['type']

export const SITE_TYPES: readonly SiteType[] = SITES.map(({ type }) => type)

/**
 * The other documented types with their default addresses (protocol sheet, section 1), and two that nobody knows:
 * by the quirk `unknown-sites` discovery lists them; there is nothing behind them.
 */
export const OTHER_SITES: readonly { readonly type: string; readonly path: string }[] = [
  { type: 'WebClient', path: '/cl' }, { type: 'ClientCenter', path: '/cc' }, { type: 'ECommerce', path: '/shop' },
  { type: 'SocialInteractions', path: '/social' }, { type: 'DigitalMarketplace', path: '/marketplace' },
  ...[
    'DataAccessAPI', 'InstanceManager', 'LegalBG', 'LegalUK', 'OLAP', 'MicrosoftSync', 'VideoConferencing', 'AIServer',
    'QuantumLedger', 'Нов-тип',
  ].map(type => ({ type, path: `/${type.toLowerCase()}` })),
]
