/** How fast bodies become rows, and what they cost: each work in a process of its own, beside what others make of the same body. */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Work } from './peers/engineWork.ts'
import { median, report, type Measured } from './report.ts'

const RUNS = 5
const SMALL = 100_000
const LARGE = 1_000_000
/** For those who take a minute and more for the large one: their rate is compared. */
const FEW = 20_000

/** They give something else than rows. */
const NO_ROWS = ['discard', 'copy', 'group', 'plainGroup', 'cancel', 'cancelFetch']

const root = join(import.meta.dirname, '../..')
const peers = join(import.meta.dirname, 'peers')
/** Bundled as the product is: reading TypeScript costs memory of its own. */
const engineWork = join(root, 'out/bench/engineWork.mjs')
await build({
  entryPoints: [join(peers, 'engineWork.ts')], outfile: engineWork, bundle: true, platform: 'node', format: 'esm', packages: 'external',
})
const server = spawn(process.execPath, [join(peers, 'bodyServer.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
const [url] = await once(createInterface(server.stdout), 'line') as [string]

const small = await measure(SMALL, ['json', 'typed', 'plainGroup', 'group', 'engine', 'cancel', 'cancelFetch'])
const large = await measure(LARGE, ['discard', 'split', 'typed', 'copy', 'ndjson', 'keep', 'keepObjects', 'engine'])
const slow = await measure(FEW, ['streamparser', 'streamjson', 'streamjsonFile'])
const jq = await jqSeconds()
server.stdin.end()

const figures: Measured[] = [
  {
    name: '1,000,000 rows: stream, split, count', value: ms(large, 'split'), unit: 'ms', bound: { ratioAtMost: 1.5 },
    peer: { name: 'undici dispatch, discarding', value: ms(large, 'discard') },
  },
  {
    name: '100,000 rows: stream to exact typed rows', value: SMALL / ms(small, 'typed'), unit: 'rows/ms', bound: { ratioAtLeast: 1.5 },
    peer: { name: 'fetch, res.json()', value: SMALL / ms(small, 'json') },
  },
  {
    name: '100,000 rows: memory of that', value: of(small, 'typed', 'peakMB'), unit: 'MB', bound: { ratioAtMost: 0.25 },
    peer: { name: 'fetch, res.json()', value: of(small, 'json', 'peakMB') },
  },
  {
    name: '1,000,000 rows: first typed row after the first byte', value: of(large, 'typed', 'firstMs'), unit: 'ms', bound: 50,
    peer: { name: 'the first byte after the request', value: of(large, 'discard', 'firstMs') },
  },
  {
    name: '1,000,000 rows: stream to exact typed rows', value: LARGE / ms(large, 'typed'), unit: 'rows/ms', bound: { ratioAtLeast: 6 },
    peer: { name: '@streamparser/json (rate at 20,000)', value: FEW / ms(slow, 'streamparser') },
  },
  {
    name: '1,000,000 rows: stream to exact typed rows', value: LARGE / ms(large, 'typed'), unit: 'rows/ms', bound: { ratioAtLeast: 15 },
    peer: { name: 'stream-json (rate at 20,000)', value: FEW / ms(slow, 'streamjson') },
  },
  {
    name: '1,000,000 rows: NDJSON to a file', value: ms(large, 'ndjson'), unit: 'ms', bound: { ratioAtMost: 1.3 },
    peer: { name: 'the raw body to a file', value: ms(large, 'copy') },
  },
  {
    name: '1,000,000 rows: NDJSON to a file', value: LARGE / ms(large, 'ndjson'), unit: 'rows/ms', bound: { ratioAtLeast: 20 },
    peer: { name: 'stream-json (rate at 20,000)', value: FEW / ms(slow, 'streamjsonFile') },
  },
  {
    name: '100,000 rows: residual filter and group by with sums', value: SMALL / ms(small, 'group'), unit: 'rows/ms', bound: { ratioAtLeast: 2 },
    peer: { name: 'res.json(), filter and group in JavaScript', value: SMALL / ms(small, 'plainGroup') },
  },
  {
    name: '1,000,000 rows: keep', value: LARGE / ms(large, 'keep'), unit: 'rows/ms', bound: { ratioAtLeast: 1 },
    peer: { name: 'array of objects', value: LARGE / ms(large, 'keepObjects') },
  },
  {
    name: '1,000,000 rows: memory of what is kept, in all', value: of(large, 'keep', 'peakMB'), unit: 'MB', bound: 200,
    peer: { name: 'array of objects', value: of(large, 'keepObjects', 'peakMB') },
  },
  {
    name: '1,000,000 rows: 100 of them from anywhere, p99', value: of(large, 'keep', 'p99Ms'), unit: 'ms', bound: 5,
    peer: { name: 'array of objects', value: of(large, 'keepObjects', 'p99Ms') },
  },
  {
    name: '1,000,000 rows: memory of host and worker', value: of(large, 'engine', 'peakMB'), unit: 'MB', bound: { ratioAtMost: 1.2 },
    peer: { name: 'with 100,000 rows', value: of(small, 'engine', 'peakMB') },
  },
  {
    name: '1,000,000 rows: longest time without a turn of the host', value: of(large, 'engine', 'blockedMs'), unit: 'ms', bound: 30,
    peer: { name: 'with 100,000 rows', value: of(small, 'engine', 'blockedMs') },
  },
  {
    name: 'cancelled to closed, as the server sees it', value: of(small, 'cancel', 'cancelMs'), unit: 'ms', bound: 50,
    peer: { name: 'fetch', value: of(small, 'cancelFetch', 'cancelMs') },
  },
]
if (jq !== undefined) {
  figures.push({
    name: '1,000,000 rows: NDJSON to a file', value: LARGE / ms(large, 'ndjson'), unit: 'rows/ms', bound: { ratioAtLeast: 15 },
    peer: { name: 'curl, jq -c (rate at 20,000)', value: FEW / (jq * 1000) },
  })
} else console.log('jq or curl is not there: no figure for them')
report('engine', figures)

type Works = ReadonlyMap<string, readonly Work[]>

/** Runs take turns, so that a noisy moment hits all. */
async function measure(rows: number, works: readonly string[]): Promise<Works> {
  const measured = new Map(works.map((work): [string, Work[]] => [work, []]))
  for (let run = 0; run < RUNS; run++) {
    for (const [work, all] of measured) {
      const { stdout } = await promisify(execFile)(process.execPath, [engineWork, work, `${url}/${rows}`, join(root, 'dist/engine.cjs')])
      const result = JSON.parse(stdout) as Work
      if (!NO_ROWS.includes(work) && result.rows !== rows) throw new Error(`${work} found ${result.rows} rows`)
      all.push(result)
    }
  }
  return measured
}

function of(works: Works, work: string, what: keyof Work): number {
  return median((works.get(work) ?? []).map(each => each[what] ?? NaN))
}

function ms(works: Works, work: string): number {
  return of(works, work, 'ms')
}

async function jqSeconds(): Promise<number | undefined> {
  if (['curl', 'jq'].some(tool => spawnSync(tool, ['--version']).status !== 0)) return undefined
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now()
    await promisify(execFile)('sh', ['-c', `curl -s ${url}/${FEW} | jq -c '.value[]' > /dev/null`])
    times.push((performance.now() - began) / 1000)
  }
  return median(times)
}
