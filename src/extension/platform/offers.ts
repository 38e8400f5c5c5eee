import { l10n } from 'vscode'

/** A link that helps. */
export interface Action {
  readonly label: string
  readonly command: string
  readonly args: readonly unknown[]
}

/** What an error may offer to do. */
export type Offer =
  'signIn' | 'test' | 'application' | 'log' | 'settings' | 'addConnection' | 'ports' | 'network' | 'sandbox'

/** With a connection's id, it acts on that connection. */
export function toAction(offer: Offer, connectionId: string | undefined): Action {
  // Clicked by a person, so that what fails then is shown and not thrown.
  const args = connectionId === undefined ? [] : [{ id: connectionId, interactive: true }]
  switch (offer) {
    case 'signIn':
      return { label: l10n.t('Sign in'), command: 'erpnet.signIn', args }
    case 'test':
      return { label: l10n.t('Test the connection'), command: 'erpnet.connection.test', args }
    case 'application':
      return { label: l10n.t('What to register'), command: 'erpnet.trustedApplication.describe', args }
    case 'log':
      return { label: l10n.t('Show log'), command: 'erpnet.log.show', args: [] }
    case 'settings':
      return { label: l10n.t('Open settings'), command: 'workbench.action.openSettings', args: ['erpnet.connections'] }
    case 'ports':
      return { label: l10n.t('Open settings'), command: 'workbench.action.openSettings', args: ['erpnet.auth.redirectPorts'] }
    case 'network':
      return { label: l10n.t('Open settings'), command: 'workbench.action.openSettings', args: ['http.proxy'] }
    case 'sandbox':
      return { label: l10n.t('Start again'), command: 'erpnet.sandbox.open', args: [{ interactive: true, notebook: false }] }
    case 'addConnection':
      return { label: l10n.t('Add a connection'), command: 'erpnet.connection.add', args: [] }
  }
}
