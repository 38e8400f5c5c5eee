import assert from 'node:assert/strict'
import { NotebookCellData, NotebookCellKind, NotebookEdit, type NotebookDocument, Range, type Uri, workspace, WorkspaceEdit } from 'vscode'
import { closeAll, fileUri, openFile, rangeOf } from './notebooks.ts'

/** All that a careless editor would change: byte order mark, every line end, fences of all kinds, bytes that aren't UTF-8. */
const HARD = Buffer.concat([
  Buffer.from('\ufeff---\r\n# kept\r\nerpnb: 1\r\nconnection: "nowhere" # later\r\nx-own: [1,\r\n  2]\r\n---\r\n\r\n\r\n'),
  Buffer.from('# Title\r\nwith LF\nand CR\rin it\r\n\r\n   ~~~~ erpnet hidden\r\n   Gen_Documents\n     ?$top=1\r\n   ~~~~~  \r\n'),
  Buffer.from('````markdown\n```erpnet\nno cell\n```\n````\n \n<!-- cell -->\t\n\n\n'),
  Buffer.of(0x4c, 0x61, 0x74, 0x69, 0x6e, 0x2d, 0x31, 0x3a, 0x20, 0xe4, 0xff, 0x0a),
  Buffer.from('\n````erpnet\n```\n{{x}}\n```\n````\n<!-- cell -->\n\n```erpnet\n```\n\n```erpnet\nunclosed\r\n\n\n'),
])

describe('A notebook file', () => {
  afterEach(closeAll)

  const textsOf = (notebook: NotebookDocument) => notebook.getCells().map(cell => [cell.kind === NotebookCellKind.Code ? 'query' : 'markdown', cell.document.getText().replaceAll('\r\n', '\n')])
  const bytesOf = async (uri: Uri) => Buffer.from(await workspace.fs.readFile(uri))

  it('shows its cells', async () => {
    const notebook = await openFile(fileUri('cells.erpnb'), HARD)
    assert.deepEqual(textsOf(notebook), [
      ['markdown', '# Title\nwith LF\nand CR\nin it'],
      ['query', 'Gen_Documents\n  ?$top=1'],
      ['markdown', '````markdown\n```erpnet\nno cell\n```\n````'],
      ['markdown', 'Latin-1: \udce4\udcff'],
      ['query', '```\n{{x}}\n```'],
      ['markdown', ''],
      ['query', ''],
      ['query', 'unclosed\n\n'],
    ])
  })

  it('is equal byte for byte after it was touched and saved', async () => {
    const uri = fileUri('touched.erpnb.md')
    const notebook = await openFile(uri, HARD)
    for (const cell of notebook.getCells()) {
      await edit(edits => edits.insert(cell.document.uri, cell.document.positionAt(0), 'x'))
      await edit(edits => edits.delete(cell.document.uri, new Range(0, 0, 0, 1)))
    }
    assert.ok(notebook.isDirty)
    assert.ok(await notebook.save())
    assert.deepEqual(await bytesOf(uri), HARD)
  })

  it('changes only where it was edited', async () => {
    const uri = fileUri('edited.erpnb')
    const notebook = await openFile(uri, HARD)
    const { document } = notebook.cellAt(1)
    await edit(edits => edits.insert(document.uri, document.lineAt(1).range.end, '0'))
    await edit(edits => edits.set(uri, [NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, connection: 'demo' })]))
    assert.ok(await notebook.save())
    const expected = HARD.toString('latin1').replace('?$top=1\r', '?$top=10\r').replace('"nowhere"', 'demo')
    assert.equal((await bytesOf(uri)).toString('latin1'), expected)
  })

  it('takes new cells and loses removed ones', async () => {
    const uri = fileUri('cells-moved.erpnb')
    const notebook = await openFile(uri, '# A\r\n\r\n```erpnet\r\nT?$top=1\r\n```\r\n\r\n# B\r\n')
    await edit(edits => edits.set(uri, [
      NotebookEdit.deleteCells(rangeOf(1)),
      NotebookEdit.insertCells(3, [new NotebookCellData(NotebookCellKind.Code, '```\nnew', 'erpnet'), new NotebookCellData(NotebookCellKind.Code, '{}', 'json')]),
    ]))
    assert.ok(await notebook.save())
    assert.equal(
      (await bytesOf(uri)).toString(),
      '# A\r\n\r\n<!-- cell -->\r\n\r\n# B\r\n\r\n````erpnet\r\n```\r\nnew\r\n````\r\n\r\n```json\r\n{}\r\n```\r\n',
    )
  })

  for (const [what, content] of [['nothing', ''], ['zeros', '\0\0\0'], ['a picture', '\x89PNG\r\n\x1a\n\xff'], ['one fence', '```erpnet']] as const) {
    it(`opens with ${what} in it`, async () => {
      const uri = fileUri(`any-${what.replace(' ', '-')}.erpnb`)
      const bytes = Buffer.from(content, 'latin1')
      const notebook = await openFile(uri, bytes)
      await edit(edits => edits.set(uri, [NotebookEdit.insertCells(0, [new NotebookCellData(NotebookCellKind.Code, '', 'erpnet')])]))
      await edit(edits => edits.set(uri, [NotebookEdit.deleteCells(rangeOf(0))]))
      assert.ok(await notebook.save())
      assert.deepEqual(await bytesOf(uri), bytes)
    })
  }

  async function edit(change: (edits: WorkspaceEdit) => void): Promise<void> {
    const edits = new WorkspaceEdit()
    change(edits)
    assert.ok(await workspace.applyEdit(edits))
  }
})
