/** A query with every variable put in and every option read: what the plan starts from. */
export interface ResolvedQuery {
  readonly api: 'table' | 'domain'
  /** Table or entity set, as written. */
  readonly resource: string
  /** Columns in the order asked; absent means all. */
  readonly select?: readonly string[]
  /** In the API's own form: one line, dates spelt out, not percent-encoded. */
  readonly filter?: string
  readonly top?: number
  /** `# @name docs` */
  readonly name?: string
  /** `# @connection other` */
  readonly connection?: string
}
