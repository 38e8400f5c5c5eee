import type { Locator, Page } from 'playwright-core'

/** A view with a tree, as a person finds it: by its title. */
export class Tree {
  readonly #tree: Locator

  constructor(page: Page, title: string) {
    this.#tree = page.getByRole('tree', { name: title })
  }

  /** The row with that label; only rows in sight are there at all. */
  row(label: string): Locator {
    return this.#tree.locator('.monaco-list-row').filter({ has: this.#tree.page().getByText(label, { exact: true }) }).first()
  }

  /** Opens rows, each below the one before. */
  async expand(...labels: readonly string[]): Promise<void> {
    for (const label of labels) {
      const row = this.row(label)
      await row.click()
      if ((await row.getAttribute('aria-expanded')) === 'false') await row.press('ArrowRight')
    }
  }
}
