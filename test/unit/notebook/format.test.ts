import assert from 'node:assert/strict'
import type { NotebookCell } from '../../../src/core/notebook/document.ts'
import { parseNotebook } from '../../../src/core/notebook/parse.ts'
import { printNotebook } from '../../../src/core/notebook/print.ts'

type Short = readonly [kind: 'm' | 'q', text: string]

const short = ({ kind, text }: NotebookCell): Short => [kind === 'query' ? 'q' : 'm', text]
const cellOf = ([kind, text]: Short): NotebookCell => ({ kind: kind === 'q' ? 'query' : 'markdown', text })
const cellsOf = (text: string): Short[] => parseNotebook(text).cells.map(short)

describe('.erpnb, read', () => {
  const cases: [what: string, text: string, cells: Short[]][] = [
    ['nothing', '', []],
    ['blank lines', '\n \n\t\n', []],
    ['Markdown alone', '# Title\n\ntext\n', [['m', '# Title\n\ntext']]],
    ['a query between Markdown', 'a\n\n```erpnet\nT?$top=1\n```\n\nb', [['m', 'a'], ['q', 'T?$top=1'], ['m', 'b']]],
    ['tildes and a longer closing', '~~~~erpnet\na\n~~~\n~~~~~ \nb', [['q', 'a\n~~~'], ['m', 'b']]],
    ['an info string with more words', '```  erpnet  hidden x=1\na\n```', [['q', 'a']]],
    ['a tilde fence with backticks in its info', '~~~ erpnet `x`\na\n~~~', [['q', 'a']]],
    ['no fence: a backtick in the info', '``` erpnet `x`\na', [['m', '``` erpnet `x`\na']]],
    ['no fence: two marks', '``erpnet\na', [['m', '``erpnet\na']]],
    ['no fence: four spaces', '    ```erpnet\n    a\n    ```', [['m', '    ```erpnet\n    a\n    ```']]],
    ['another language', '```erpnetx\na\n```\n```json\n```erpnet\n```', [['m', '```erpnetx\na\n```\n```json\n```erpnet\n```']]],
    ['upper case is another language', '```ERPNET\na\n```', [['m', '```ERPNET\na\n```']]],
    ['indented by up to three spaces', '   ```erpnet\n   a\n     b\n c\n\n  ```', [['q', 'a\n  b\nc\n']]],
    ['a longer fence around a query', '````md\n```erpnet\na\n```\n````\n```erpnet\nb\n```', [['m', '````md\n```erpnet\na\n```\n````'], ['q', 'b']]],
    ['a fence inside a query', '````erpnet\n```\nx\n```\n````', [['q', '```\nx\n```']]],
    ['unclosed', 'a\n```erpnet\nb\n\n', [['m', 'a'], ['q', 'b\n']]],
    ['unclosed, nothing in it', '```erpnet', [['q', '']]],
    ['unclosed, of another language', '```sql\na\n```erpnet\nb', [['m', '```sql\na\n```erpnet\nb']]],
    ['an empty query and one empty line', '```erpnet\n```\n```erpnet\n\n```', [['q', ''], ['q', '']]],
    ['queries side by side', '```erpnet\na\n```\n```erpnet\nb\n```', [['q', 'a'], ['q', 'b']]],
    ['separators', 'a\n<!-- cell -->\nb\n\n  <!-- cell -->  \n\nc', [['m', 'a'], ['m', 'b'], ['m', 'c']]],
    ['a separator inside a fence or a line', '```\n<!-- cell -->\n```\nx <!-- cell -->', [['m', '```\n<!-- cell -->\n```\nx <!-- cell -->']]],
    ['a separator before all', '<!-- cell -->\na', [['m', 'a']]],
    ['empty cells', 'a\n<!-- cell -->\n\n<!-- cell -->\n```erpnet\n```\n<!-- cell -->\n', [['m', 'a'], ['m', ''], ['m', ''], ['q', ''], ['m', '']]],
    ['CRLF, CR and LF', '# a\r\nb\r\r\n```erpnet\r\nc\rd\n```\r\n', [['m', '# a\r\nb'], ['q', 'c\nd']]],
    ['a byte order mark', '\ufeff```erpnet\na\n```', [['q', 'a']]],
    ['front matter', '---\nerpnb: 1\n---\na', [['m', 'a']]],
    ['front matter behind a byte order mark', '\ufeff---\nerpnb: 1\n--- \n\na', [['m', 'a']]],
    ['no front matter: text in it', '---\n# Title\nerpnb\n---\na', [['m', '---\n# Title\nerpnb\n---\na']]],
    ['no front matter: not closed', '---\nerpnb: 1\n', [['m', '---\nerpnb: 1']]],
    ['no front matter: not at the beginning', '\n---\nerpnb: 1\n---', [['m', '---\nerpnb: 1\n---']]],
    ['no front matter: no key', '---\n\n---\n', [['m', '---\n\n---']]],
  ]
  for (const [what, text, cells] of cases) {
    it(what, () => {
      assert.deepEqual(cellsOf(text), cells)
      assert.equal(printNotebook(parseNotebook(text)), text)
    })
  }
})

describe('.erpnb, front matter', () => {
  const reads: [line: string, connection: string | undefined][] = [
    ['connection: demo', 'demo'],
    ['connection:   demo  # the one', 'demo'],
    ['connection: a#b', 'a#b'],
    ['connection: "a b\\u0041"  # c', 'a bA'],
    ['connection: \'it\'\'s\'', 'it\'s'],
    ['"connection": demo', 'demo'],
    ['connection :\tdemo', 'demo'],
    ['connection:', undefined],
    ['connection: # none', undefined],
    ['connection: ~', undefined],
    ['connection: null', undefined],
    ['  connection: nested', undefined],
    ['# connection: comment', undefined],
    ['Connection: other', undefined],
    ['connection: first\nconnection: second', 'first'],
  ]
  for (const [line, connection] of reads) {
    it(`reads ${JSON.stringify(line)}`, () => {
      assert.equal(parseNotebook(`---\nerpnb: 1\n${line}\n---\n`).connection, connection)
    })
  }

  const sets: [what: string, text: string, connection: string | undefined, result: string][] = [
    ['in place', '---\nerpnb: 1\nconnection: a  # c\nx: [1]\n---\nt', 'b', '---\nerpnb: 1\nconnection: b  # c\nx: [1]\n---\nt'],
    ['in quotes where it needs them', '---\nconnection: "a" # c\n---\n', '42', '---\nconnection: "42" # c\n---\n'],
    ['before a comment', '---\r\nconnection: # c\r\n---\r\n', 'b', '---\r\nconnection: b # c\r\n---\r\n'],
    ['behind the version', '---\r\n# x\r\nerpnb: 1\r\nk: v\r\n---\r\nt', 'b', '---\r\n# x\r\nerpnb: 1\r\nconnection: b\r\nk: v\r\n---\r\nt'],
    ['at the end where no version is', '---\nk: v\n---\nt', 'b', '---\nk: v\nconnection: b\n---\nt'],
    ['with a new front matter', '\ufefft\n', 'b', '\ufeff---\nerpnb: 1\nconnection: b\n---\n\nt\n'],
    ['to none', '---\nconnection: a # c\n---\n', undefined, '---\nconnection:  # c\n---\n'],
    ['to what it is', '---\nconnection: \'a\'\n---\n', 'a', '---\nconnection: \'a\'\n---\n'],
  ]
  for (const [what, text, connection, result] of sets) {
    it(`sets the connection ${what}`, () => {
      const { cells, layout } = parseNotebook(text)
      const printed = printNotebook({ cells, layout: layout!, ...(connection === undefined ? {} : { connection }) })
      assert.equal(printed, result)
      assert.equal(parseNotebook(printed).connection, connection)
    })
  }
})

describe('.erpnb, edited', () => {
  /** Puts cells in the place of some, as the editor does: the others keep their layout. */
  function splice(text: string, at: number, removed: number, ...added: Short[]): string {
    const notebook = parseNotebook(text)
    return printNotebook({ ...notebook, cells: notebook.cells.toSpliced(at, removed, ...added.map(cellOf)) })
  }
  function change(text: string, index: number, changed: string): string {
    const notebook = parseNotebook(text)
    return printNotebook({ ...notebook, cells: notebook.cells.with(index, { ...notebook.cells[index]!, text: changed }) })
  }

  it('a new notebook', () => {
    const cells: NotebookCell[] = [['m', '# T'], ['m', 'x'], ['q', 'a\nb'], ['q', '']].map(cell => cellOf(cell as unknown as Short))
    assert.equal(
      printNotebook({ connection: 'demo', cells }),
      '---\nerpnb: 1\nconnection: demo\n---\n\n# T\n\n<!-- cell -->\n\nx\n\n```erpnet\na\nb\n```\n\n```erpnet\n```\n',
    )
    assert.equal(printNotebook({ cells: [] }), '---\nerpnb: 1\n---\n\n')
  })

  const changes: [what: string, text: string, index: number, changed: string, result: string][] = [
    ['one line of mixed line ends', 'a\r\nb\nc\rd', 0, 'a\nB\nc\nd', 'a\r\nB\r\nc\rd'],
    ['a line more', '```erpnet\r\na\r\nb\r\n```\r\n', 0, 'a\nx\nb', '```erpnet\r\na\r\nx\r\nb\r\n```\r\n'],
    ['an indented cell', '  ~~~ erpnet x\n  a\n b\n   ~~~~', 0, 'a\nb\nc', '  ~~~ erpnet x\n  a\n b\n  c\n   ~~~~'],
    ['a fence in a query', '```erpnet\na\n```\n\nb', 0, '```\na\n```', '````erpnet\n```\na\n```\n````\n\nb'],
    ['tildes in a tilde fence', '~~~erpnet\na\n~~~', 0, '~~~~\n```', '~~~~~erpnet\n~~~~\n```\n~~~~~'],
    ['an empty query', 'x\n```erpnet\n```', 0 + 1, 'a', 'x\n```erpnet\na\n```'],
    ['to nothing', '```erpnet\na\n\n```\n', 0, '', '```erpnet\n```\n'],
    ['an unclosed query', '```erpnet\na', 0, 'b', '```erpnet\nb'],
    ['an unclosed query with a last line end', '```erpnet\r\na\r\n', 0, 'a\nb', '```erpnet\r\na\r\nb\r\n'],
    ['an unclosed query without a line', '```erpnet', 0, 'b', '```erpnet\nb'],
    ['Markdown to nothing between queries', '```erpnet\n```\na\n```erpnet\n```', 1, '', '```erpnet\n```\n\n<!-- cell -->\n\n\n```erpnet\n```'],
  ]
  for (const [what, text, index, changed, result] of changes) {
    it(`changes ${what}`, () => assert.equal(change(text, index, changed), result))
  }

  const splices: [what: string, text: string, at: number, removed: number, added: Short[], result: string][] = [
    ['a cell between Markdown cells', 'a\n\n\n<!-- cell -->\nb', 1, 0, [['m', 'x']], 'a\n\n<!-- cell -->\n\nx\n\n<!-- cell -->\n\nb'],
    ['a query instead of the middle one', 'a\n<!-- cell -->\nb\n<!-- cell -->\nc', 1, 1, [['q', 'x']], 'a\n\n```erpnet\nx\n```\n\nc'],
    ['nothing instead of a query', 'a\r\n```erpnet\r\n```\r\nb\r\n', 1, 1, [], 'a\r\n\r\n<!-- cell -->\r\n\r\nb\r\n'],
    ['a cell at the end without line end', 'a', 1, 0, [['q', 'x']], 'a\n\n```erpnet\nx\n```'],
    ['a cell behind an unclosed query', '~~~~erpnet\na\n', 1, 0, [['m', 'x']], '~~~~erpnet\na\n~~~~\n\nx'],
    ['a cell behind an unclosed fence of Markdown', '```js\na\n', 1, 0, [['q', 'x']], '```js\na\n```\n\n```erpnet\nx\n```\n'],
    ['a cell before all', '\ufeff```erpnet\n```\n', 0, 0, [['m', 'x']], '\ufeffx\n\n```erpnet\n```\n'],
    ['a cell into an empty file', '  ', 0, 0, [['m', 'x']], 'x\n  '],
    ['what looks like front matter', 'a\n', 0, 1, [['m', '---\nk: v\n---']], '\n---\nk: v\n---\n'],
    ['what looks like front matter behind a real one', '---\nerpnb: 1\n---\na\n', 0, 1, [['m', '---\nk: v\n---']], '---\nerpnb: 1\n---\n\n---\nk: v\n---\n'],
    ['nothing instead of everything', '---\nerpnb: 1\n---\na\n\n\n', 0, 1, [], '---\nerpnb: 1\n---\n\n\n\n'],
  ]
  for (const [what, text, at, removed, added, result] of splices) {
    it(`puts in ${what}`, () => assert.equal(splice(text, at, removed, ...added), result))
  }

  it('a cell moved: all cells keep their text and fences', () => {
    const notebook = parseNotebook('# a\n\n~~~erpnet\nq\n~~~\n\n\n# b\n')
    const [a, q, b] = notebook.cells
    assert.equal(printNotebook({ ...notebook, cells: [q!, a!, b!] }), '~~~erpnet\nq\n~~~\n\n# a\n\n<!-- cell -->\n\n# b\n')
  })

  it('the kind of a cell changed', () => {
    const notebook = parseNotebook('a\n\n~~~erpnet\nq\n~~~\n')
    const [a, q] = notebook.cells
    assert.equal(
      printNotebook({ ...notebook, cells: [{ ...a!, kind: 'query' }, { ...q!, kind: 'markdown' }] }),
      '```erpnet\na\n```\n\nq\n',
    )
  })

  it('the line ends and byte order mark that the editor takes off are no edit', () => {
    const text = '\ufeff\ufeffa\r\nb\n\n```erpnet\nc\rd\r\n```\r'
    const notebook = parseNotebook(text)
    const normalised = (eol: string) => notebook.cells.map(cell => ({ ...cell, text: cell.text.replace(/^\ufeff/, '').replace(/\r\n|\r|\n/g, eol) }))
    for (const eol of ['\n', '\r\n']) assert.equal(printNotebook({ ...notebook, cells: normalised(eol) }), text)
  })
})
