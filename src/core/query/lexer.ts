/** A piece of a query's text. `start` and `end` are offsets in it. */
export interface Token {
  readonly kind: 'text' | 'insertion' | 'word' | 'mark' | 'space' | 'unclosed'
  readonly value: string
  readonly start: number
  readonly end: number
}

/**
 * A literal in single quotes (two of them stand for one inside; insertions may hold quotes), `{{…}}`, a word (names, numbers, dates, operators),
 * a parenthesis or comma, white space; `unclosed` is a quote or `{{` without its end.
 */
const TOKEN = /(?<text>'(?:\{\{[^}]*\}\}|(?!\{\{[^}]*\}\})[^']|'')*')|(?<insertion>\{\{[^}]*\}\})|(?<unclosed>'[\s\S]*|\{\{[\s\S]*)|(?<space>\s+)|(?<mark>[(),])|(?<word>(?:(?!\{\{)[^\s'(),])+)/gy

/** Cuts the text into tokens; together they are the whole text. */
export function tokenize(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(match => {
    const groups: Partial<Record<string, string>> = match.groups ?? {}
    const kind = (Object.keys(groups) as Token['kind'][]).find(name => groups[name] !== undefined) ?? 'word'
    return { kind, value: match[0], start: match.index, end: match.index + match[0].length }
  })
}

/** Where the character stands outside of literals and insertions; -1 where it doesn't. */
export function indexOutside(text: string, character: string, from = 0): number {
  for (const { kind, value, start } of tokenize(text)) {
    if (kind !== 'word') continue
    const at = value.indexOf(character, Math.max(0, from - start))
    if (at >= 0 && start + at >= from) return start + at
  }
  return -1
}
