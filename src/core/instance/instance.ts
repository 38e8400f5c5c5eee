/** What auto-discovery tells of an instance (protocol sheet, section 1). */
export interface Instance {
  /** Root URL under which discovery answered; no trailing slash. */
  readonly root: string
  /** Host name as the instance itself says it. */
  readonly host: string
  readonly database?: string
  readonly sites: readonly Site[]
}

export interface Site {
  /** `ID`, `DomainAPI`, `TableAPI`, `UserProfile`, …; unknown ones are kept. */
  readonly type: string
  /** Absolute, without trailing slash. */
  readonly url: string
  readonly status: 'Unknown' | 'Working' | 'NotWorking'
  readonly statusDescription?: string
  /** Of a Domain API site, when the instance tells it; ends with a slash. */
  readonly odataRoot?: string
}
