import type { Connection } from '../../src/core/instance/connection.ts'
import type { BrowserOffer, PageEnd, SignInAction, SignInUi, SignOutEnd } from '../../src/extension/signIn/ui.ts'
import type { ResultPage } from '../../src/node/resultPage.ts'
import { FormBrowser, Page } from './form-browser.ts'

export interface Credentials {
  readonly login: string
  readonly password: string
}

/** Somebody in front of the editor, with a browser. What they do at the page that opens is `atPage`. */
export class Person implements SignInUi {
  readonly browser = new FormBrowser()
  readonly ends: SignOutEnd[] = []
  /** What the browser showed at the end. */
  readonly seen: string[] = []
  timeoutSeconds = 30
  ports: readonly number[]
  hasBrowser = true
  referenceToken: string | undefined
  clientSecret: string | undefined
  /** What they say when their session has ended. */
  signsInAgain = true
  /** How often they were asked that. */
  questions = 0
  offer: BrowserOffer | undefined
  atPage: (url: string) => Promise<void>
  readonly #giveUp = new AbortController()
  readonly #signedOut = Promise.withResolvers<SignOutEnd>()
  #opened = 'about:blank'
  /** What happened in the browser; awaited so that a failure there fails the test. */
  #browsing: Promise<void> = Promise.resolve()

  constructor({ ports, user }: { ports: readonly number[]; user: Credentials }) {
    this.ports = ports
    this.atPage = async url => this.visit(await this.browser.signIn(url, user))
  }

  /** Opens an address of the extension's own listener. */
  async visit(url: URL): Promise<void> {
    this.seen.push(await (await fetch(url)).text())
  }

  /** Presses the button at the identity service's page. */
  async press(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const page = await this.browser.open(url)
    const end = page instanceof Page ? await page.submit(fields) : page
    if (end instanceof Page) throw new Error(`the browser stays at ${end.url.pathname}: ${end.text}`)
    await this.visit(end)
  }

  giveUp(reason: unknown): void {
    this.#giveUp.abort(reason)
  }

  /** Waits until the browser is through. */
  async browsed(): Promise<void> {
    await this.#browsing
  }

  /** Waits until they were told how the sign-out ended. */
  async wasSignedOut(): Promise<SignOutEnd> {
    return this.#signedOut.promise
  }

  settings(): { ports: readonly number[]; timeoutSeconds: number } {
    return { ports: this.ports, timeoutSeconds: this.timeoutSeconds }
  }

  /** A parameter of the address that was opened last. */
  openedWith(parameter: string): string | null {
    return new URL(this.#opened).searchParams.get(parameter)
  }

  openBrowser(url: string): Promise<boolean> {
    this.#opened = url
    if (this.hasBrowser) this.#browsing = this.atPage(url)
    return Promise.resolve(this.hasBrowser)
  }

  askReferenceToken(): Promise<string | undefined> {
    return Promise.resolve(this.referenceToken)
  }

  askClientSecret(): Promise<string | undefined> {
    return Promise.resolve(this.clientSecret)
  }

  whileSigningIn(_: Connection, action: SignInAction): Promise<void> {
    return action(this.#giveUp.signal, offer => (this.offer = offer))
  }

  askToSignInAgain(): Promise<boolean> {
    this.questions += 1
    return Promise.resolve(this.signsInAgain)
  }

  signedOut(_: Connection, end: SignOutEnd): void {
    this.ends.push(end)
    this.#signedOut.resolve(end)
  }

  page(end: PageEnd): ResultPage {
    const title = typeof end === 'string' ? end : String(end.failure)
    return { outcome: end === 'signedIn' || end === 'signedOut' ? 'done' : 'failed', title, text: '', language: 'en' }
  }
}
