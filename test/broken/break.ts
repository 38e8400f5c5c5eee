/** A deliberate mistake in the code, and the test that must notice it; `npm run test:broken` makes one at a time. */
export interface Break {
  /** The rule that no longer holds. */
  readonly rule: string
  /** Below the repository's root. */
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
  readonly test: {
    /** Below the repository's root. */
    readonly file: string
    /** Words of the full titles of the tests to run; one of them must fail by an assertion. */
    readonly grep: string
  }
}
