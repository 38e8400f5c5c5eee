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
    test: wire('sandbox-reference-tokens', 'in two headers: 401'),
  },
  {
    rule: 'a token without the scope `read` opens no API',
    file: 'src/sandbox/identity/access.ts', find: '!listed(scope, needed)', replace: 'needed.length === 0',
    test: wire('sandbox-identity-tokens', 'reads with the scope read'),
  },
  {
    rule: 'an expired token is refused',
    file: 'src/sandbox/identity/access.ts', find: 'exp <= now', replace: 'now < 0',
    test: wire('sandbox-sessions', 'an access token has expired after an hour'),
  },
  {
    rule: 'a revoked reference token is refused',
    file: 'src/sandbox/identity/access.ts', find: "if (!token || state !== 'valid') throw", replace: 'if (!token) throw',
    test: wire('sandbox-reference-tokens', 'that was revoked: 401'),
  },
  {
    rule: 'redirect addresses are compared to the letter, port included',
    file: 'src/sandbox/identity/clients.ts', find: "application_type: 'web'", replace: "application_type: 'native'",
    test: wire('sandbox-identity-authorize', 'is refused with a page: invalid_redirect_uri'),
  },
  {
    rule: 'refresh tokens rotate',
    file: 'src/sandbox/identity/provider.ts', find: "rotateRefreshToken: () => !quirks.has('refresh-kept')", replace: 'rotateRefreshToken: () => false',
    test: wire('sandbox-identity-refresh', 'rotate: the used one is refused at once'),
  },
  {
    rule: 'a secret in a header is refused',
    file: 'src/sandbox/identity/site.ts', find: 'request.headers.authorization !== undefined', replace: 'request.headers.host === undefined',
    test: wire('sandbox-identity-tokens', 'with the hash of it, or with Basic'),
  },
  // sessions and limits
  {
    rule: 'so many requests a minute and no more',
    file: 'src/sandbox/identity/sessions.ts', find: 'session.calls > this.#parts.limits.perMinute', replace: 'session.calls < 0',
    test: wire('sandbox-limits', 'allows 600 requests a minute'),
  },
  {
    rule: 'without a free licence no session begins',
    file: 'src/sandbox/identity/sessions.ts', find: '(!reserved && taken >= shared)', replace: 'taken < 0',
    test: wire('sandbox-sessions', 'a call fails with MaximumLicenseCountExceeded'),
  },
  {
    rule: 'a full queue answers 429',
    file: 'src/sandbox/turns.ts', find: 'throw new Problem(429, ', replace: 'throw new Problem(503, ',
    test: wire('sandbox-limits', 'runs two at a time'),
  },
  // Table API
  {
    rule: '`ne` is not supported', file: 'src/sandbox/table/filter.ts', find: "new Set(['ne', ", replace: 'new Set([',
    test: wire('sandbox-refusals', 'State ne 30'),
  },
  {
    rule: '`or` is for one field only',
    file: 'src/sandbox/table/filter.ts', find: '&& samePath(part.path, field) ?', replace: '?',
    test: wire('sandbox-refusals', '(State eq 30 or Void eq true)'),
  },
  {
    rule: 'a column can do what its filters say, and nothing else',
    file: 'src/sandbox/table/where.ts', find: '!column.filters.has(kind)', replace: '!column.filters.size',
    test: wire('sandbox-refusals', 'Quantity eq 1'),
  },
  {
    rule: 'a reference that is neither owner nor filterable is not followed',
    file: 'src/sandbox/table/where.ts', find: '!reference.owner && !reference.filterable', replace: '!reference',
    test: wire('sandbox-refusals', 'Product_Reference/Part_Number'),
  },
  {
    rule: '`le` is inclusive',
    file: 'src/sandbox/table/where.ts', find: "operator === 'le' ? '<=' : '>='", replace: "operator === 'le' ? '<' as '<=' : '>='",
    test: wire('sandbox-filter', 'State ge 30 and State le 40'),
  },
  {
    rule: 'an option that nobody knows is refused', file: 'src/sandbox/table/query.ts', find: "'$select', '$filter', '$top'].includes(name)",
    replace: "'$select', '$filter', '$top', '$skip'].includes(name)", test: wire('sandbox-refusals', '"$skip":'),
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
    test: wire('sandbox-domain-model', 'only with a token, with what the instance has added'),
  },
  {
    rule: 'the model tells of each attribute what its filter can do',
    file: 'src/sandbox/domain/model.ts', find: ": 'NotFilterable'", replace: ": 'Like'",
    test: wire('sandbox-domain-model', 'says the same of filters as the Table API does'),
  },
  {
    rule: 'an ownership is marked in CSDL',
    file: 'src/sandbox/domain/csdl.ts', find: '<OnDelete Action="Cascade"/>', replace: '',
    test: wire('sandbox-domain-metadata', 'an ownership reference has OnDelete'),
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
