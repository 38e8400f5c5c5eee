import type { ResultSnapshot } from '../execute/result.ts'

/** MIME type of what the renderer `erpnet-result` shows. */
export const RESULT_MIME = 'application/vnd.erpnet.result+json'

/** The JSON of one output: a result as far as it has come, or a failure. Texts are in the user's language already. */
export type OutputData = ResultOutput | ErrorOutput

export interface ResultOutput {
  readonly kind: 'result'
  readonly result: ResultSnapshot
  /** Rows, bytes, time and rate, and what is to be said of them. */
  readonly status: string
  /** Said beside the table where it is not the whole result, or not that of the address that was written. */
  readonly note?: string
  readonly labels: ResultLabels
}

export interface ResultLabels {
  /** The table's accessible name. */
  readonly table: string
  readonly request: string
  readonly copy: string
  readonly empty: string
}

export interface ErrorOutput {
  readonly kind: 'error'
  readonly title: string
  readonly cure?: string
  readonly actions: readonly OutputAction[]
}

/** A link in an output. The shell runs it only if its command is one that outputs may offer. */
export interface OutputAction {
  readonly label: string
  readonly command: string
  readonly args: readonly unknown[]
}

/** What the renderer posts to the shell. */
export interface OutputMessage {
  readonly action: OutputAction
}
