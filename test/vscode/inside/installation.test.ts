import assert from 'node:assert/strict'
import { commands, extensions } from 'vscode'
import { EXTENSION_ID } from '../host/ids.ts'

describe('The packed extension in an extension host', () => {
  it('is installed, not loaded from the repository', () => {
    const extension = extensions.getExtension(EXTENSION_ID)
    assert.match(extension?.extensionPath ?? 'missing', /[\\/]extensions[\\/]erpnet-community\.erpnet-tools-/)
  })

  it('registers every command that it declares', async () => {
    const extension = extensions.getExtension(EXTENSION_ID)!
    await extension.activate()
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } }
    const registered = await commands.getCommands(true)
    assert.deepEqual(contributes.commands.map(({ command }) => command).filter(command => !registered.includes(command)), [])
  })
})
