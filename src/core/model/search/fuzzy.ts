/**
 * How well what was typed fits a name, as editors rank symbols: its letters in order, better where they begin words
 * (`so` fits `SalesOrders` and `Sales_Orders`), stand together, begin the name, and have the same case.
 */

/** A text that is searched, with what is looked at again and again worked out. */
export interface Target {
  readonly text: string
  readonly lower: string
}

const BASE = 10
const SAME_CASE = 1
const NAME_START = 75
const WORD_START = 50
const CONSECUTIVE = 45
const GAP = -15
/** For each letter more that stands between two that fit. */
const LETTER_BETWEEN = -1
const WHOLE = 70
/** The shorter of two names that fit alike comes first. */
const LETTER_LEFT = -1

/** Far below any score, and far enough from the end of 32 bits that penalties don't pass it. */
const NONE = -1_000_000
const SEPARATORS = ' _./-'

export function target(text: string): Target {
  return { text, lower: text.toLowerCase() }
}

/** What was typed, to be held against many names. It is not empty. */
export class FuzzyPattern {
  readonly #typed: Target
  /** For the last letter and the one before: the best of the ways in which the letters so far fit, with the last at j. */
  #row = new Int32Array(64)
  #before = new Int32Array(64)

  constructor(typed: string) {
    this.#typed = target(typed)
  }

  /** The larger the better; undefined where the letters don't stand in the name in that order. */
  score(name: Target): number | undefined {
    const letters = this.#typed.lower
    if (!standsInOrder(letters, name.lower)) return undefined
    const { length } = name.lower
    if (length > this.#row.length) {
      this.#row = new Int32Array(length)
      this.#before = new Int32Array(length)
    }
    let best = NONE
    for (let i = 0; i < letters.length; i++) best = this.#nextLetter(i, name)
    const whole = length === letters.length ? WHOLE : 0
    return best + whole + LETTER_LEFT * (length - letters.length)
  }

  /** Fills the row of letter `i` and gives its best. */
  #nextLetter(i: number, { text, lower }: Target): number {
    [this.#row, this.#before] = [this.#before, this.#row]
    const [row, before, letter, written] = [this.#row, this.#before, this.#typed.lower[i], this.#typed.text[i]]
    let best = NONE
    /** The best of `before` up to j - 2, less what the gap up to j costs. */
    let apart = NONE
    for (let j = 0; j < lower.length; j++) {
      if (i > 0 && j > 1) apart = Math.max(apart + LETTER_BETWEEN, (before[j - 2] ?? NONE) + GAP)
      let score = NONE
      if (lower[j] === letter) {
        score = BASE + (text[j] === written ? SAME_CASE : 0) + startBonus(text, j)
        if (i > 0) score += Math.max(apart, j > 0 ? (before[j - 1] ?? NONE) + CONSECUTIVE : NONE)
      }
      row[j] = score
      if (score > best) best = score
    }
    return best
  }
}

function startBonus(text: string, at: number): number {
  if (at === 0) return NAME_START
  const [before, here] = [text[at - 1] ?? '', text[at] ?? '']
  return SEPARATORS.includes(before) || (isUpper(here) && !isUpper(before)) ? WORD_START : 0
}

function isUpper(letter: string): boolean {
  return letter !== letter.toLowerCase()
}

function standsInOrder(letters: string, lower: string): boolean {
  let at = -1
  for (const letter of letters) {
    at = lower.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}
