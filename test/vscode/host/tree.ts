import type { Locator, Page } from 'playwright-core'
import { until } from './until.ts'

const WHEEL = 200 // pixels, fewer than a view is high
const TO_THE_TOP = 1_000_000

/** A view with a tree, as a person finds it: by its title. */
export class Tree {
  readonly #page: Page
  readonly #tree: Locator

  constructor(page: Page, title: string) {
    this.#page = page
    this.#tree = page.getByRole('tree', { name: title })
  }

  /** The row with that label, where it is in sight: others are not in the document. */
  row(label: string): Locator {
    return this.#tree.locator('.monaco-list-row').filter({ has: this.#page.getByText(label, { exact: true }) }).first()
  }

  /** Scrolls to the first row. */
  async top(): Promise<void> {
    await this.#tree.hover()
    await this.#scroll(-TO_THE_TOP)
  }

  /** Scrolls down to rows and opens them, each below the one before. */
  async expand(...labels: readonly string[]): Promise<void> {
    for (const label of labels) {
      const row = await this.show(label)
      if ((await row.getAttribute('aria-expanded')) !== 'false') continue
      await row.click()
      await until(`"${label}" to open`, async () => (await row.getAttribute('aria-expanded')) === 'true' || undefined)
    }
  }

  /** Closes the row, which is in sight. */
  async collapse(label: string): Promise<void> {
    const row = this.row(label)
    await row.click()
    if ((await row.getAttribute('aria-expanded')) === 'true') await row.press('ArrowLeft')
  }

  /** Scrolls down to a row; from the top once more at the end, since rows come late into a tree that loads. */
  async show(label: string): Promise<Locator> {
    const row = this.row(label)
    let before: number | undefined
    await this.#tree.hover()
    await until(`the row "${label}"`, async () => {
      if (await row.count() > 0) return true
      const last = await this.#lastInSight()
      await this.#scroll(last === before ? -TO_THE_TOP : WHEEL)
      before = last
      return undefined
    })
    return row
  }

  /** Returns when the rows that are now in sight are in the document. */
  async #scroll(pixels: number): Promise<void> {
    await this.#page.mouse.wheel(0, pixels)
    await this.#page.evaluate('new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
  }

  async #lastInSight(): Promise<number> {
    const rows = this.#tree.locator('.monaco-list-row')
    const indices = await rows.evaluateAll(elements => elements.map(element => Number((element as unknown as { dataset: { index?: string } }).dataset.index)))
    return Math.max(-1, ...indices)
  }
}
