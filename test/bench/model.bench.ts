/** What a model costs: until it is usable, from the network and from the disk, and in memory. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { CsdlDocument } from '../../src/core/model/csdl/document.ts'
import { metadataSource } from '../../src/core/model/domainSource.ts'
import { MetadataReader } from '../../src/core/model/readMetadata.ts'
import { writeModelFile } from '../../src/node/model/modelFile.ts'
import { ModelWindow } from '../fakes/modelWindow.ts'
import { startSandbox } from '../fakes/sandbox.ts'
import { median, report, type Measured } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const ENGINE = join(ROOT, 'dist/engine.cjs')
const REAL = join(process.env['ERPNET_SHARED'] ?? join(ROOT, '../shared'), 'erpnet/model')

const RUNS = 5
/** What is searched for. */
const TYPED = ['s', 'so', 'salesord', 'customer', 'document date', 'SalesOrders.State', 'клиент', 'Crm_Sales_Order_Lines']
const folder = mkdtempSync(join(tmpdir(), 'erpnet-bench-'))
try {
  const measured = await csdlFigures()
  if (existsSync(REAL)) measured.push(...await realFigures())
  else console.log(`The model at its real size is not there (${REAL}): only the made one is measured.`)
  report('model', measured)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A made `$metadata` of 20 MB, each reader in a process of its own, one after the other. */
async function csdlFigures(): Promise<Measured[]> {
  const xml = join(folder, 'metadata.xml')
  const kept = join(folder, 'metadata.model')
  writeFileSync(xml, madeMetadata())
  const source = metadataSource(new MetadataReader(new CsdlDocument(readFileSync(xml))))
  await writeModelFile(kept, { about: { language: 'en', kind: 'metadata' }, source })
  const took: Record<string, number[]> = {}
  const read = (way: string, file: string): void =>
    void (took[way] ??= []).push(Number(runPeer('readCsdl', way, file, 'Set_500')))
  for (let run = 0; run < RUNS; run++) {
    for (const way of ['index', 'saxes', 'fast-xml-parser', '@sap-ux/edmx-parser']) read(way, xml)
    read('cache', kept)
  }
  const of = (way: string): number => median(took[way] ?? [])
  const usable = { name: '20 MB of $metadata usable', value: of('index'), unit: 'ms' }
  return [
    { ...usable, bound: { ratioAtMost: 1 / 2.5 }, peer: { name: 'saxes', value: of('saxes') } },
    { ...usable, bound: { ratioAtMost: 1 / 8 }, peer: { name: 'fast-xml-parser', value: of('fast-xml-parser') } },
    { ...usable, bound: { ratioAtMost: 1 / 12 }, peer: { name: '@sap-ux/edmx-parser', value: of('@sap-ux/edmx-parser') } },
    { ...usable, bound: 300, peer: { name: 'opened again from the disk', value: of('cache') } },
    {
      name: '20 MB of $metadata from the disk', value: of('cache'), unit: 'ms', bound: 40,
      peer: { name: 'indexed anew', value: of('index') },
    },
  ]
}

/** The model of ERP.net at its real size, from the sandbox to a window. */
async function realFigures(): Promise<Measured[]> {
  const sandbox = await startSandbox({ model: REAL, rows: 100 })
  const root = sandbox.url
  const path = join(folder, 'models')
  const tree: Record<'network' | 'disk', number[]> = { network: [], disk: [] }
  const whole: number[] = []
  const blocked: number[] = []
  // the sandbox makes its texts when they are first asked for
  await openOnce(sandbox, join(folder, 'first'))
  for (let run = 0; run < RUNS; run++) {
    rmSync(path, { recursive: true, force: true })
    const network = await openOnce(sandbox, path)
    const disk = await openOnce(sandbox, path)
    tree.network.push(network.tree)
    tree.disk.push(disk.tree)
    whole.push(network.whole)
    blocked.push(Math.max(network.blocked, disk.blocked))
  }
  const plain = await plainFetchMs(`${root}/api/domain/standardmodel`)
  const memory = (way: string): number => Number(runPeer('modelMemory', way, path, root))
  const figures: Measured[] = [
    { name: 'tree from the disk', value: median(tree.disk), unit: 'ms', bound: 150, peer: { name: 'from the network', value: median(tree.network) } },
    { name: 'tree from the network', value: median(tree.network), unit: 'ms', bound: 2000, peer: { name: 'fetch of the list alone', value: plain } },
    { name: 'tables joined with all details, from the network', value: median(whole), unit: 'ms', peer: { name: 'tree from the network', value: median(tree.network) } },
    { name: 'longest wait of the extension host', value: median(blocked), unit: 'ms', bound: 50, peer: { name: 'tree from the disk', value: median(tree.disk) } },
    await searchFigure(sandbox, path),
    { name: 'memory of the whole model', value: memory('editor'), unit: 'MB', bound: 60, peer: { name: 'all details as objects', value: memory('objects') } },
  ]
  await sandbox.stop()
  return figures
}

interface Opened {
  /** Until the entities are there, and until the tables are joined; milliseconds from the window's first question. */
  readonly tree: number
  readonly whole: number
  readonly blocked: number
}

async function openOnce({ url, referenceToken: token }: { url: string; referenceToken: string }, models: string): Promise<Opened> {
  const window = new ModelWindow({ url, folder: models, token, script: ENGINE })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const begun = performance.now()
  await window.models.entities(window.connection)
  const tree = performance.now() - begun
  const tables = await window.models.tables(window.connection)
  const whole = performance.now() - begun
  delay.disable()
  if (!tables.some(({ entitySet }) => entitySet !== undefined)) throw new Error('the tables are not joined')
  await window.close()
  return { tree, whole, blocked: delay.max / 1e6 }
}

/** From a keystroke to what it finds, as the window gets it, at its slowest. */
async function searchFigure({ url, referenceToken: token }: { url: string; referenceToken: string }, models: string): Promise<Measured> {
  const window = new ModelWindow({ url, folder: models, token, script: ENGINE })
  const search = async (typed: string): Promise<number> => {
    const begun = performance.now()
    await window.models.search(window.connection, typed)
    return performance.now() - begun
  }
  await search('')
  await window.models.quiet(window.connection)
  const made = await search('')
  const took: number[] = []
  for (const typed of TYPED) {
    const runs: number[] = []
    for (let run = 0; run < RUNS; run++) runs.push(await search(typed))
    took.push(median(runs))
  }
  await window.close()
  return { name: 'search, the slowest of some words', value: Math.max(...took), unit: 'ms', bound: 50, peer: { name: 'making what is searched', value: made } }
}

async function plainFetchMs(url: string): Promise<number> {
  const took: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now()
    await (await fetch(url)).json()
    took.push(performance.now() - begun)
  }
  return median(took)
}

/** What a script of `peers/` prints, in a process of its own. */
function runPeer(script: string, ...args: string[]): string {
  const file = join(import.meta.dirname, 'peers', `${script}.ts`)
  return execFileSync(process.execPath, ['--expose-gc', '--disable-warning=ExperimentalWarning', file, ...args], { encoding: 'utf8' })
}

/** A thousand entity types as ERP.net writes them, 20 KB each. */
function madeMetadata(): string {
  const types = Array.from({ length: 1000 }, (_, type) => [
    `<EntityType Name="Type_${type}">`, '<Key><PropertyRef Name="Id"/></Key>',
    ...Array.from({ length: 140 }, (_, index) =>
      `<Property Name="${index === 0 ? 'Id' : `Attribute_${index}_of_the_entity`}" Type="Edm.Decimal" Nullable="false" Precision="18" Scale="6"/>`),
    ...Array.from({ length: 50 }, (_, index) =>
      `<NavigationProperty Name="Reference_${index}" Type="Erp.Type_${(type + index) % 1000}" Nullable="false"><OnDelete Action="Cascade"/></NavigationProperty>`),
    `<Annotation Term="Erp.EntityName" String="Table_${type}"/>`, '</EntityType>',
  ].join('\n'))
  const sets = Array.from({ length: 1000 }, (_, type) => `<EntitySet Name="Set_${type}" EntityType="Erp.Type_${type}"/>`)
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Erp" xmlns="http://docs.oasis-open.org/odata/ns/edm">', ...types,
    '<EntityContainer Name="Container">', ...sets, '</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n')
}
