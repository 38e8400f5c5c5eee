/**
 * The faults: quirks of the way to the APIs and back. They know nothing of what is asked; `faults.ts` plays them.
 * A fault without a path is for the three APIs (Domain, Table, profile); with one, for whatever begins with it.
 */
export const FAULTS = {
  // before an answer
  'latency': { value: 200, about: 'N milliseconds before an answer' },
  'reset-connection': { value: true, about: 'the connection is reset before any answer' },
  'close-connection': { value: true, about: 'the connection is closed before any answer' },
  // another answer
  'token-revoked': { value: 1, about: 'the next N tokens that come are revoked: 401 from then on, not expired yet' },
  'html-page': { value: true, about: '200 with an HTML sign-in page' },
  'redirect-page': { value: true, about: '302 to a sign-in page' },
  'answer-401': { value: true, about: 'the answer is 401' },
  'answer-403': { value: true, about: 'the answer is 403' },
  'answer-404': { value: true, about: 'the answer is 404' },
  'answer-429': { value: true, about: 'the answer is 429' },
  'answer-500': { value: true, about: 'the answer is 500' },
  'answer-502': { value: true, about: 'the answer is 502, with the HTML page of a proxy' },
  'answer-503': { value: true, about: 'the answer is 503' },
  'answer-504': { value: true, about: 'the answer is 504, with the HTML page of a proxy' },
  'retry-after': {
    value: '1', fits: /^(?:\d{1,6}|none|date\+\d{1,6})$/,
    about: '429 and 503 say Retry-After N, nothing (`none`), or a date N seconds ahead (`date+N`)',
  },
  // rows: the objects in the outermost list of a JSON body
  'huge-field': { value: 8, most: 200, about: 'a text of the first row is N megabytes long' },
  'deep-nesting': { value: 1000, most: 1_000_000, about: 'each row has a value nested N deep' },
  'extra-keys': { value: 3, most: 1000, about: 'each row has N keys that nobody knows' },
  'keys-reversed': { value: true, about: 'the keys of each row in the opposite order' },
  'invalid-utf8': { value: true, about: 'a text of each row holds bytes that are no UTF-8' },
  'error-after-row': { value: 10, about: 'after row N the body holds an error object, and ends there' },
  // the body
  'white-space': { value: true, about: 'white space on both sides of every JSON token' },
  'unicode-escapes': { value: true, about: 'JSON escapes for `/` and for every character that is not ASCII' },
  'content-type': {
    value: 'text/plain', fits: /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w-]+)?$/, about: 'the body is called something else',
  },
  'empty-body': { value: true, about: 'the body is empty' },
  'truncate-after-byte': { value: 1000, about: 'the body ends properly, but after byte N' },
  'compression': { value: true, about: 'bodies are compressed (br, gzip, deflate) as Accept-Encoding wishes' },
  // the way
  'chunk-bytes': { value: 7, about: 'the body comes in chunks of N bytes' },
  'bandwidth': { value: 10_000, about: 'N bytes of the body a second' },
  'cut-after-byte': { value: 1000, about: 'the connection breaks after byte N of the body' },
} as const
