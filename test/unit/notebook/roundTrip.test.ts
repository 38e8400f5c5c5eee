import assert from 'node:assert/strict'
import { decodeText, encodeText } from '../../../src/core/notebook/bytes.ts'
import type { NotebookCell, NotebookDocument } from '../../../src/core/notebook/document.ts'
import { fenceLeftOpen } from '../../../src/core/notebook/fence.ts'
import { isBlank } from '../../../src/core/notebook/lines.ts'
import { parseNotebook } from '../../../src/core/notebook/parse.ts'
import { printNotebook } from '../../../src/core/notebook/print.ts'
import { Random } from '../random.ts'

const RUNS = 5000

const LINES = [
  '', '', ' ', '\t', 'text', '  indented', '# Title', '---', '--- ', 'erpnb: 1', 'connection: demo # c', 'key:', '- item', '{{from}}',
  '```', '````', '~~~', '~~~~ ', '   ```', '    ```', '```erpnet', '```` erpnet x', '~~~erpnet', '  ~~~~erpnet', '   ```erpnet ',
  '```js', '~~~ `x`', '``` `', '<!-- cell -->', ' <!-- cell -->\t', '<!-- cell --> x', '<!--', 'Gen_Documents?$top=1', '# @name docs',
  '@a = 1', 'Фактура', '😀', '\u2028', '\ufeff', '\0',
]
const ENDS = ['\n', '\n', '\r\n', '\r']
/** Lines that mean nothing to the format: a Markdown cell of them stays one cell. */
const PLAIN = ['', ' x', 'text', '  indented', '# Title', '---', 'key: value', '| a | b |', '`erpnet`', '😀', '```js\na\n```', '~~~\n<!-- cell -->\n~~~']

const forEachSeed = (action: (random: Random) => void): void => {
  for (let seed = 1; seed <= RUNS; seed++) {
    try {
      action(new Random(seed))
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}

function randomText(random: Random): string {
  const mixed = random.below(3) === 0
  const end = random.pick(ENDS)
  const lines = random.some(14, () => random.pick(LINES) + (mixed ? random.pick(ENDS) : end))
  const front = random.below(3) === 0 ? `---${end}erpnb: 1${end}connection: a${end}---${end}` : ''
  const text = (random.below(5) === 0 ? '\ufeff' : '') + front + lines.join('')
  return random.below(3) === 0 ? text.replace(/(\r\n|\r|\n)$/, '') : text
}

const randomCell = (random: Random): NotebookCell => random.below(2) === 0
  ? { kind: 'query', text: random.some(5, () => random.pick(LINES)).join('\n') }
  : { kind: 'markdown', text: random.some(4, () => random.pick(PLAIN)).join('\n') }

/** Blank lines around a Markdown cell belong to the gaps. */
const seen = ({ kind, text }: NotebookCell): [string, string] =>
  [kind, kind === 'query' ? text : isBlank(text) ? '' : text.replace(/^(?:[ \t]*\n)+|(?:\n[ \t]*)+$/g, '')]

describe('.erpnb, any text', () => {
  it('is printed as it was read', () => forEachSeed(random => {
    const text = randomText(random)
    assert.equal(printNotebook(parseNotebook(text)), text)
  }))

  it('survives as JSON and with the line ends of the editor', () => forEachSeed(random => {
    const text = randomText(random)
    const notebook = JSON.parse(JSON.stringify(parseNotebook(text))) as NotebookDocument
    const eol = random.pick(['\n', '\r\n'])
    const cells = notebook.cells.map(cell => ({ ...cell, text: cell.text.replace(/^\ufeff/, '').replace(/\r\n|\r|\n/g, eol) }))
    assert.equal(printNotebook({ ...notebook, cells }), text)
  }))

  it('keeps all bytes outside of an edited cell', () => forEachSeed(random => {
    const text = randomText(random)
    const notebook = parseNotebook(text)
    if (notebook.cells.length === 0) return
    const index = random.below(notebook.cells.length)
    const cell = notebook.cells[index]!
    const { gap, open = '', body, close = '' } = cell.layout!
    const before = notebook.layout!.head + notebook.cells.slice(0, index).map(source).join('') + (cell.kind === 'markdown' ? '' : gap)
    const after = text.slice(before.length + (cell.kind === 'markdown' ? gap.length : 0) + open.length + body.length + close.length)
    const edited = cell.kind === 'query' ? `${cell.text}\nx` : `x ${cell.text}`
    const printed = printNotebook({ ...notebook, cells: notebook.cells.with(index, { ...cell, text: edited }) })
    assert.ok(printed.startsWith(before), 'before')
    assert.ok(printed.endsWith(after), 'after')
  }))

  it('gives the edited cells back when it is read again', () => forEachSeed(random => {
    const notebook = parseNotebook(randomText(random))
    let cells = [...notebook.cells]
    for (let edits = random.below(4); edits >= 0; edits--) {
      const at = random.below(cells.length + 1)
      switch (random.below(3)) {
        case 0: cells = cells.toSpliced(at, 0, randomCell(random)); break
        case 1: cells = cells.toSpliced(at, 1); break
        default: {
          const [moved] = cells.splice(at, 1)
          if (moved !== undefined) cells.splice(random.below(cells.length + 1), 0, moved)
        }
      }
    }
    // A fence that a Markdown cell leaves open is closed where it would swallow the next cells.
    const expected = cells.map((cell, index) => {
      const open = cell.kind === 'markdown' && index < cells.length - 1 ? fenceLeftOpen(cell.text) : undefined
      return seen(open === undefined ? cell : { ...cell, text: `${cell.text.replace(/\r\n?/g, '\n')}\n${open.indent}${open.marks}` })
    }).map(([kind, text]) => [kind, text.replace(/\r\n?/g, '\n')])
    const printed = printNotebook({ ...notebook, cells })
    const again = parseNotebook(printed).cells.map(seen).map(([kind, text]) => [kind, text.replace(/\r\n?/g, '\n')])
    assert.deepEqual(again, expected, JSON.stringify(printed))
  }))

  it('gives a cell back of which some lines were edited', () => forEachSeed(random => {
    const notebook = parseNotebook(randomText(random))
    const index = random.below(notebook.cells.length)
    const cell = notebook.cells[index]
    if (cell?.kind !== 'query') return
    const lines = cell.text.split('\n')
    lines.splice(random.below(lines.length + 1), random.below(3), ...random.some(3, () => random.pick(PLAIN.slice(0, 9))))
    const cells = notebook.cells.with(index, { ...cell, text: lines.join('\n') })
    const printed = printNotebook({ ...notebook, cells })
    const again = parseNotebook(printed).cells.map(seen).map(([kind, text]) => [kind, text.replace(/\r\n?/g, '\n')])
    assert.deepEqual(again, cells.map(seen).map(([kind, text]) => [kind, text.replace(/\r\n?/g, '\n')]), JSON.stringify(printed))
  }))

  it('takes a connection, whatever ends the lines of the front matter', () => {
    const notebook = parseNotebook('---\rerpnb: 1\n\nkey: 1\n---\n')
    assert.equal(printNotebook({ ...notebook, connection: 'demo' }), '---\rerpnb: 1\nconnection: demo\r\n\nkey: 1\n---\n')
  })

  it('gives new cells back when it is read again', () => forEachSeed(random => {
    const cells = random.some(6, () => randomCell(random))
    const connection = random.pick([undefined, 'demo', 'true', 'a b', '12', 'a: "b" # c'])
    const read = parseNotebook(printNotebook({ ...(connection === undefined ? {} : { connection }), cells }))
    assert.deepEqual(read.cells.map(seen), cells.map(seen))
    assert.equal(read.connection, connection)
  }))
})

describe('bytes of a file', () => {
  it('come out as they went in, UTF-8 or not', () => forEachSeed(random => {
    const bytes = Uint8Array.from(random.some(40, () => random.pick([0x41, 0x0a, 0x80, 0xbf, 0xc0, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0xf4, 0xff, 0xfe, 0xef, 0xbb])))
    assert.deepEqual(encodeText(decodeText(bytes)), bytes)
  }))

  for (const text of ['', '\ufeffabc', 'Фактура 😀\0', '\ud800', 'a\udc80'] as const) {
    it(`of ${JSON.stringify(text)}`, () => {
      const expected = text === 'a\udc80' ? Uint8Array.of(0x61, 0x80) : new TextEncoder().encode(text)
      assert.deepEqual(encodeText(text), expected)
    })
  }

  it('decodes what is UTF-8 around a byte that is not', () => assert.equal(decodeText(Uint8Array.of(0xd0, 0xa4, 0xff, 0x61)), 'Ф\udcffa'))
})

function source({ layout }: NotebookCell): string {
  const { gap = '', open = '', body = '', close = '' } = layout ?? {}
  return gap + open + body + close
}
