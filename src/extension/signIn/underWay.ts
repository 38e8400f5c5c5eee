import {
  type CancellationToken, commands, Disposable, env, type InputBox, l10n, ProgressLocation, ThemeIcon, UIKind, window,
} from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { wordsFor } from '../platform/words.ts'
import type { BrowserOffer, SignInAction } from './ui.ts'

const COPY = 'erpnet.signIn.copyAddress'
const PASTE = 'erpnet.signIn.pasteAddress'
/** How long the status bar says that the address was copied. */
const COPIED_MS = 5000

/** The sign-ins that wait for a browser. Their notifications offer to copy the address and to paste the browser's answer. */
export class SignInsUnderWay implements Disposable {
  /** By connection, with its name. */
  readonly #offers = new Map<string, BrowserOffer & { readonly name: string }>()
  readonly #boxes = new Map<string, InputBox>()
  readonly #commands: Disposable

  constructor() {
    this.#commands = Disposable.from(
      commands.registerCommand(COPY, async (id: string) => {
        const offer = this.#offers.get(id)
        if (offer !== undefined) await copyAddress(offer)
      }),
      commands.registerCommand(PASTE, (id: string) => this.#askForAnswer(id)),
    )
  }

  async show(connection: Connection, action: SignInAction): Promise<void> {
    const title = l10n.t('Signing in to {0}', connection.name)
    await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      const abort = new AbortController()
      const listener = whenCancelled(token, () => abort.abort(new ErpError('sign-in-cancelled')))
      try {
        await action(abort.signal, offer => {
          this.#offers.set(connection.id, { ...offer, name: connection.name })
          progress.report({ message: goOn(connection) })
          if (isFarFromBrowser()) this.#askForAnswer(connection.id)
        })
      } finally {
        listener.dispose()
        this.#offers.delete(connection.id)
        this.#boxes.get(connection.id)?.dispose()
      }
    })
  }

  dispose(): void {
    this.#commands.dispose()
    for (const box of this.#boxes.values()) box.dispose()
  }

  /** The box closes by itself when the browser comes back after all. */
  #askForAnswer(id: string): void {
    const offer = this.#offers.get(id)
    if (offer === undefined) return
    this.#boxes.get(id)?.dispose()
    const box = window.createInputBox()
    this.#boxes.set(id, box)
    const copy = { iconPath: new ThemeIcon('copy'), tooltip: l10n.t('Copy the address of the sign-in page') }
    box.title = l10n.t('Signing in to {0}: if the browser can’t come back', offer.name)
    box.prompt = l10n.t(
      'When the browser comes back, this closes by itself. Else paste the whole address of the page that could not be reached; it begins with {0}',
      offer.redirectUri,
    )
    box.ignoreFocusOut = true
    box.password = true
    box.buttons = [copy]
    box.onDidTriggerButton(() => void copyAddress(offer))
    box.onDidChangeValue(text => {
      box.validationMessage = text.trim() === '' ? '' : faultOf(offer, text)
    })
    box.onDidAccept(() => {
      const fault = faultOf(offer, box.value)
      box.validationMessage = fault
      if (fault !== '') return
      offer.take(box.value)
      box.hide()
    })
    box.onDidHide(() => {
      box.dispose()
      if (this.#boxes.get(id) === box) this.#boxes.delete(id)
    })
    box.show()
  }
}

async function copyAddress({ url }: BrowserOffer): Promise<void> {
  await env.clipboard.writeText(url)
  window.setStatusBarMessage(l10n.t('The address of the sign-in page is copied.'), COPIED_MS)
}

/** Empty where the text is right. */
function faultOf(offer: BrowserOffer, text: string): string {
  try {
    offer.check(text)
    return ''
  } catch (error) {
    const { title, cure } = wordsFor(error)
    return cure === undefined ? title : `${title} ${cure}`
  }
}

/** Notifications take commands as links. */
function goOn({ id }: Connection): string {
  const link = (words: string, command: string, argument: unknown = id): string =>
    `[${words}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`
  return l10n.t(
    'go on in the browser ({0}, {1}). If it shows an error, see {2}.',
    link(l10n.t('copy its address'), COPY), link(l10n.t('paste its answer'), PASTE),
    link(l10n.t('what to register'), 'erpnet.trustedApplication.describe', { id, interactive: true }),
  )
}

/** Does the browser run on another machine than we, so that 127.0.0.1 is another place for it? */
function isFarFromBrowser(): boolean {
  return env.remoteName !== undefined || env.uiKind === UIKind.Web
}

function whenCancelled(token: CancellationToken, action: () => void): Disposable {
  if (token.isCancellationRequested) action()
  return token.onCancellationRequested(action)
}
