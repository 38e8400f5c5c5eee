import type { BrowserContext, Page } from 'playwright-core'

/** Types login and password into the sandbox's sign-in page, and sends it. */
export async function fillSignInPage(page: Page, user: { readonly login: string, readonly password: string }): Promise<void> {
  await page.getByLabel('Login').fill(user.login)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/**
 * Waits for the page that the extension opens in the browser while something runs.
 * @param action what makes the extension open it
 */
export async function openedPage(context: BrowserContext, action: () => unknown): Promise<Page> {
  const [page] = await Promise.all([context.waitForEvent('page'), action()])
  return page
}

/**
 * From now on the page can't reach the extension, as from another machine.
 * @returns in `address` the one that it could not reach, as soon as it is sent there
 */
export async function keepFromComingBack(page: Page): Promise<{ readonly address: Promise<string> }> {
  // Playwright's own routes don't see where a request is redirected to
  const session = await page.context().newCDPSession(page)
  const address = Promise.withResolvers<string>()
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    address.resolve(request.url)
    void session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' })
  })
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*/callback?*' }] })
  return { address: address.promise }
}
