/**
 * As much of a browser as the identity service needs: cookies, redirects and forms, without a screen.
 * It stops before an address that isn't on the site where it began: that is where the application listens.
 */
export class FormBrowser {
  readonly #cookies = new Map<string, { value: string; path: string }>()

  /** @returns the page, or the address outside of the site that it was sent to */
  async open(address: string | URL, form?: Readonly<Record<string, string>>): Promise<Page | URL> {
    let url = new URL(address)
    const { origin } = url
    let body = form && new URLSearchParams(form)
    for (let hops = 0; hops < 20; hops += 1) {
      const response = await fetch(url, {
        redirect: 'manual', headers: { cookie: this.#cookiesFor(url) }, ...(body ? { method: 'POST', body } : {}),
      })
      for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
      const location = response.headers.get('location')
      if (location === null) return new Page(this, url, response, await response.text())
      await response.body?.cancel()
      url = new URL(location, url)
      body = undefined
      if (url.origin !== origin) return url
    }
    throw new Error(`too many redirects, last to ${url.pathname}`)
  }

  /** Signs in at the page that an authorization address shows. @returns the callback's address, with its code */
  async signIn(address: string | URL, user: { readonly login: string; readonly password: string }): Promise<URL> {
    const page = await this.open(address)
    const end = page instanceof URL ? page : await page.submit({
      login: user.login, password: user.password, action: 'sign-in',
    })
    if (end instanceof URL) return end
    throw new Error(`no redirect after the sign-in: ${end.status} ${end.text.replaceAll(/<style>[^]*<\/style>/g, '')}`)
  }

  #cookiesFor(url: URL): string {
    const fitting = [...this.#cookies].filter(([, { path }]) => url.pathname.startsWith(path))
    return fitting.map(([name, { value }]) => `${name}=${value}`).join('; ')
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split(';').map(part => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const path = attributes.find(
      attribute => attribute.toLowerCase().startsWith('path='),
    )?.slice('path='.length) ?? '/'
    if (value === '') this.#cookies.delete(name)
    else this.#cookies.set(name, { value, path })
  }
}

export class Page {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly #browser: FormBrowser

  constructor(browser: FormBrowser, url: URL, { status, headers }: Response, text: string) {
    this.#browser = browser
    this.url = url
    this.status = status
    this.headers = headers
    this.text = text
  }

  /** Sends the page's form with its hidden fields and these. */
  async submit(fields: Readonly<Record<string, string>>): Promise<Page | URL> {
    const action = /<form[^>]*action="([^"]+)"/.exec(this.text)?.[1] ?? this.url.href
    return this.#browser.open(new URL(action, this.url), { ...this.hidden(), ...fields })
  }

  /** The hidden fields of its form. */
  hidden(): Readonly<Record<string, string>> {
    const fields = this.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
    return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]))
  }
}
