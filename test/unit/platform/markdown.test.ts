import assert from 'node:assert/strict'
import { code, codeBlock, plain, table } from '../../../src/extension/platform/markdown.ts'

describe('Markdown of foreign texts', () => {
  const plains: readonly (readonly [string, string])[] = [
    ['Иван Петров', 'Иван Петров'],
    ['a\n# b', 'a \\# b'],
    ['<img src=x>', '\\<img src\\=x\\>'],
    ['[a](command:b)', '\\[a\\]\\(command\\:b\\)'],
    ['a|b`c`*d*_e_', 'a\\|b\\`c\\`\\*d\\*\\_e\\_'],
  ]
  for (const [text, markdown] of plains) it(`${JSON.stringify(text)} stays text`, () => assert.equal(plain(text), markdown))

  const codes: readonly (readonly [string, string])[] = [['a', '`a`'], ['a`b', '`` a`b ``'], ['``', '``` `` ```'], ['a\nb', '`a b`']]
  for (const [text, markdown] of codes) it(`${JSON.stringify(text)} as code`, () => assert.equal(code(text), markdown))

  it('a block is longer than the fences in it', () => assert.equal(codeBlock('```\nx\n```', 'http'), '````http\n```\nx\n```\n````'))

  it('a bar does not part a cell', () => assert.equal(table(['A', ''], [[code('a|b'), plain('c|d')]]), '| A |  |\n| --- | --- |\n| `a\\|b` | c\\|d |'))
})
