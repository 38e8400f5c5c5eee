/** Where the bridge listens, as it writes it into the file that `ERPNET_BRIDGE` names. */
export interface BridgeAddress {
  readonly port: number
  /** The extension host's: another one than before tells that it died, or was reloaded. */
  readonly pid: number
  readonly token: string
}

export interface BridgeRequest {
  /** A function's text: `(vscode, argument, require) => …`. */
  readonly source: string
  readonly argument: unknown
}

/** With the promise failures that nobody handled in the extension host so far. */
export type BridgeAnswer = { readonly rejections: readonly string[] } & (
  | { readonly ok: true, readonly value: unknown }
  | { readonly ok: false, readonly message: string, readonly code: string | undefined, readonly stack: string | undefined }
)
