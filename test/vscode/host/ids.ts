/** Our extension's id, as VS Code knows it. */
export const EXTENSION_ID = 'erpnet-community.erpnet-tools'

/** The id of the extension that does nothing. */
export const EMPTY_ID = 'erpnet-test.empty'
