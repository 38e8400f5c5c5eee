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
