import type { Locator, Page } from 'playwright-core'
import { until } from './until.ts'

const WHEEL = 200 // pixels, fewer than a view is high
const TO_THE_TOP = 1_000_000
/** After so long, a click that did nothing won't do it any more. */
const LOST_MS = 3000

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
    for (const label of labels) await this.#toggle(label, 'true')
  }

  /** Closes a row. */
  async collapse(label: string): Promise<void> {
    await this.#toggle(label, 'false')
  }

  /**
   * Clicks on a row until it is open, or closed; nothing where it is, or has nothing to open. A click is lost where the
   * rows move under it, as they do while a tree loads.
   */
  async #toggle(label: string, expanded: 'true' | 'false'): Promise<void> {
    let clicked = Number.NEGATIVE_INFINITY
    await until(`"${label}" to ${expanded === 'true' ? 'open' : 'close'}`, async () => {
      const row = await this.show(label)
      const is = await row.getAttribute('aria-expanded')
      if (is === expanded || is === null) return true
      if (Date.now() - clicked > LOST_MS) {
        await row.click()
        clicked = Date.now()
      }
      return undefined
    })
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
