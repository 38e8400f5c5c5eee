/** What somebody has probably meant who comes from SQL, C, or another API; the shell says how it is written here. */
export type Hint =
  | 'between' | 'comments' | 'count' | 'dates' | 'dots' | 'equals' | 'key' | 'lists' | 'null' | 'one-query' | 'options'
  | 'order' | 'quotes' | 'reads' | 'semicolon' | 'sql' | 'unclosed'

interface Rule {
  readonly hint: Hint
  readonly found: RegExp
  /** What was expected there, where that matters. */
  readonly expected?: RegExp
}

const AT_START = /^the name of a table$/

/** The first that fits counts. */
const RULES: readonly Rule[] = [
  { hint: 'comments', found: /^(?:--|\/\*)/ },
  { hint: 'sql', found: /^(?:select|with|insert|update|delete|exec)\s/i, expected: AT_START },
  { hint: 'reads', found: /^(?:post|put|patch|delete|curl|wget|http)\s/i, expected: AT_START },
  { hint: 'count', found: /\/\$count$/, expected: AT_START },
  { hint: 'options', found: /^(?:domain\/)?[\p{L}_][\p{L}\p{N}_]*\s+[&$]/u, expected: AT_START },
  { hint: 'key', found: /^(?:domain\/)?[\p{L}_][\p{L}\p{N}_]*\(/u, expected: AT_START },
  { hint: 'dots', found: /^domain\/[\p{L}_][\p{L}\p{N}_]*\./u, expected: AT_START },
  { hint: 'unclosed', found: /^/, expected: /^'$/ },
  { hint: 'quotes', found: /^["“”„‘’«»`]/ },
  { hint: 'semicolon', found: /;$/ },
  { hint: 'equals', found: /^(?:[\p{L}_][\p{L}\p{N}_]*)?[=<>!]|^\|\|/u },
  { hint: 'null', found: /^is$/i },
  { hint: 'between', found: /^between$/i },
  { hint: 'order', found: /^(?:ascending|descending)$/i },
  { hint: 'dates', found: /^\d{1,4}([.-])\d{1,2}\1\d{1,4}|^\d{1,2}:\d{2}/ },
  { hint: 'lists', found: /^['\d]/, expected: /^\($/ },
  { hint: 'one-query', found: /^(?:domain\/)?[\p{L}_][\p{L}\p{N}_]*\?/u },
]

/** @param fault the facts of a `query-syntax` error: what was found, as it is shown, and what was expected */
export function hintOf(fault: { readonly found: string; readonly expected: string }): Hint | undefined {
  return RULES.find(({ found, expected = /^/ }) => found.test(fault.found) && expected.test(fault.expected))?.hint
}
