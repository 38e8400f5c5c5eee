import type { Break } from './break.ts'

const wire = (file: string, grep: string): Break['test'] => ({ file: `test/wire/${file}.test.ts`, grep })

/** What the sandbox must not do, area by area. */
export default [
  // discovery
  {
    rule: 'a site that does not work is called NotWorking',
    file: 'src/sandbox/instance/tools.ts', find: "? ['NotWorking', 'The site is stopped.']",
    replace: "? ['Working', 'The site is stopped.']", test: wire('sandbox-discovery', 'site-not-working'),
  },
  {
    rule: 'an unlisted site is not in discovery',
    file: 'src/sandbox/instance/tools.ts', find: ", quirks.text('site-unlisted')]", replace: ']',
    test: wire('sandbox-discovery', 'site-unlisted'),
  },
  {
    rule: 'a site that was moved is no more at its usual address',
    file: 'src/sandbox/instance/tools.ts', find: 'site.type === moved ? { ...site, path: place } : site',
    replace: 'site', test: wire('sandbox-discovery', 'site-address'),
  },
  // identity
  {
    rule: 'two credentials are refused',
    file: 'src/sandbox/identity/access.ts', find: 'Number(scheme !== undefined) > 1', replace: 'Number(scheme !== undefined) > 9',
    test: wire('sandbox-identity', 'two headers: 401'),
  },
  {
    rule: 'a token without the scope `read` opens no API',
    file: 'src/sandbox/identity/access.ts', find: "!listed(claims['scope'], 'read')", replace: 'false',
    test: wire('sandbox-identity', 'wants the scope read'),
  },
  {
    rule: 'an expired token is refused',
    file: 'src/sandbox/identity/access.ts', find: "claims['exp'] <= now", replace: 'now < 0',
    test: wire('sandbox-identity', 'lets access tokens expire'),
  },
  {
    rule: 'an unknown reference token is refused',
    file: 'src/sandbox/identity/access.ts', find: 'if (token !== referenceToken) throw', replace: "if (token === '') throw",
    test: wire('sandbox-identity', 'another token: 401'),
  },
  {
    rule: 'redirect addresses are compared to the letter, port included',
    file: 'src/sandbox/identity/provider.ts', find: "application_type: 'web'", replace: "application_type: 'native'",
    test: wire('sandbox-identity', 'refuses to authorize the redirect address'),
  },
  {
    rule: 'refresh tokens rotate',
    file: 'src/sandbox/identity/provider.ts', find: 'rotateRefreshToken: true', replace: 'rotateRefreshToken: false',
    test: wire('sandbox-identity', 'rotates refresh tokens of a native application'),
  },
  {
    rule: 'a secret in a header is refused',
    file: 'src/sandbox/identity/site.ts', find: 'request.headers.authorization !== undefined', replace: 'request.headers.host === undefined',
    test: wire('sandbox-identity', 'without or with a wrong secret, or with Basic'),
  },
  // sessions and limits
  {
    rule: 'so many requests a minute and no more',
    file: 'src/sandbox/identity/sessions.ts', find: 'session.calls > this.#limits.perMinute', replace: 'session.calls < 0',
    test: wire('sandbox-streaming', 'allows so many requests a minute'),
  },
  {
    rule: 'without a free licence no session begins',
    file: 'src/sandbox/identity/sessions.ts', find: "this.#quirks.has('no-licence') && ", replace: '!this.#quirks && ',
    test: wire('sandbox-streaming', 'no-licence'),
  },
  {
    rule: 'a full queue answers 429',
    file: 'src/sandbox/table/turns.ts', find: 'throw new Problem(429, ', replace: 'throw new Problem(503, ',
    test: wire('sandbox-streaming', 'runs two at a time'),
  },
  // Table API
  {
    rule: '`ne` is not supported', file: 'src/sandbox/table/filter.ts', find: "new Set(['ne', ", replace: 'new Set([',
    test: wire('sandbox-tables', 'State ne 30'),
  },
  {
    rule: '`or` is for one field only',
    file: 'src/sandbox/table/filter.ts', find: '&& samePath(part.path, field) ?', replace: '?',
    test: wire('sandbox-tables', '(State eq 30 or Void eq true)'),
  },
  {
    rule: 'a column can do what its filters say, and nothing else',
    file: 'src/sandbox/table/where.ts', find: '!column.filters.has(kind)', replace: '!column.filters.size',
    test: wire('sandbox-tables', 'Quantity eq 1'),
  },
  {
    rule: 'a reference that is neither owner nor filterable is not followed',
    file: 'src/sandbox/table/where.ts', find: '!reference.owner && !reference.filterable', replace: '!reference',
    test: wire('sandbox-tables', 'Product_Reference/Part_Number'),
  },
  {
    rule: '`le` is inclusive',
    file: 'src/sandbox/table/where.ts', find: "operator === 'le' ? '<=' : '>='", replace: "operator === 'le' ? '<' as '<=' : '>='",
    test: wire('sandbox-tables', 'State ge 30 and State le 40'),
  },
  {
    rule: 'an option that nobody knows is refused', file: 'src/sandbox/table/query.ts', find: "'$select', '$filter', '$top'].includes(name)",
    replace: "'$select', '$filter', '$top', '$skip'].includes(name)", test: wire('sandbox-tables', '{"$skip":"x"}'),
  },
  // streaming
  {
    rule: 'an answer that nobody reads any more stops',
    file: 'src/sandbox/monitor.ts', find: "await once(this.#events, 'release', { signal })", replace: "await once(this.#events, 'release')",
    test: wire('sandbox-streaming', 'frees the socket when the client goes'),
  },
  {
    rule: 'control tells how many rows were sent',
    file: 'src/sandbox/monitor.ts', find: 'run => ({ ...run })', replace: 'run => ({ ...run, rows: 0 })',
    test: wire('sandbox-streaming', 'stalls after row 10'),
  },
  // Domain API
  {
    rule: 'the current model is for those who have signed in',
    file: 'src/sandbox/domain/api.ts', find: 'standardmodel(?:', replace: '\\w+model(?:',
    test: wire('sandbox-instance', 'current: only with a token'),
  },
  {
    rule: 'the model tells of each attribute what its filter can do',
    file: 'src/sandbox/domain/model.ts', find: "filters.length === 0 ? 'NotFilterable'", replace: "filters.length === 0 ? 'Like'",
    test: wire('sandbox-instance', 'says the same of filters as the Table API does'),
  },
  {
    rule: 'an ownership is marked in CSDL',
    file: 'src/sandbox/domain/csdl.ts', find: '<OnDelete Action="Cascade"/>', replace: '',
    test: wire('sandbox-instance', 'CSDL: base types, keys, ownership'),
  },
  // faults and control
  {
    rule: 'a fault without a path leaves discovery and sign-in alone',
    file: 'src/sandbox/quirks.ts', find: '|| (current?.isApi ?? false)', replace: '|| current !== undefined',
    test: wire('sandbox-faults', 'without a path: the APIs'),
  },
  {
    rule: 'a quirk with a number of times ends',
    file: 'src/sandbox/quirks.ts', find: 'if (times === 1) this.#on.delete(name)', replace: 'if (times === 1) return',
    test: wire('sandbox-faults', 'a number: so many answers'),
  },
  {
    rule: 'the connection breaks at the very byte',
    file: 'src/sandbox/faults/bend.ts', find: 'let left = cutAfter', replace: 'let left = cutAfter + 1',
    test: wire('sandbox-faults', 'cut-after-byte: it breaks there'),
  },
  {
    rule: 'nothing is compressed without the wish',
    file: 'src/sandbox/faults/faults.ts', find: "request.headers['accept-encoding'] ?? ''", replace: "request.headers['accept-encoding'] ?? 'gzip'",
    test: wire('sandbox-faults-body', 'none without the wish'),
  },
  {
    rule: 'control shows no token',
    file: 'src/sandbox/requests.ts', find: 'path: redact(path)', replace: 'path: path',
    test: wire('sandbox-control', 'no token, code or secret'),
  },
  {
    rule: 'the sandbox listens on loopback alone',
    file: 'src/sandbox/server.ts', find: 'server.listen(port, host, ', replace: "server.listen(port, '0.0.0.0', ",
    test: wire('sandbox-control', 'listens on loopback alone'),
  },
  {
    rule: 'an address that is not loopback is refused at the start',
    file: 'src/sandbox/options.ts', find: 'if (!loopback) throw', replace: "if (host === '') throw",
    test: wire('sandbox-process', '--host 192.168.0.1'),
  },
] satisfies readonly Break[]
