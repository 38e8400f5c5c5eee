import assert from 'node:assert/strict'
import * as vscode from 'vscode'

describe('The packed extension in an extension host', () => {
  it('is installed, not loaded from the repository', () => {
    const extension = vscode.extensions.getExtension('erpnet-community.erpnet-tools')
    assert.match(extension?.extensionPath ?? 'nowhere', /[\\/]extensions[\\/]erpnet-community\.erpnet-tools-/)
  })
})
