/** Longer descriptions are cut: a type says what something is, the page of an entity tells the rest. */
const CHARACTERS = 400

/** Lines of text out of what a server wrote: no control characters, no end of a comment, not too long. */
export function commentLines(texts: readonly (string | undefined)[]): string[] {
  return texts.filter(text => text !== undefined).flatMap(text => {
    const [cut, rest] = [text.slice(0, CHARACTERS), text.slice(CHARACTERS)]
    return (rest === '' ? cut : `${cut.replace(/[\ud800-\udbff]$/, '')}…`).split(/[\r\n\u0085\u2028\u2029]+/)
      .map(line => line.replaceAll(/\p{Cc}+/gu, ' ').replaceAll('*/', '* /').trim()).filter(line => line !== '')
  })
}
