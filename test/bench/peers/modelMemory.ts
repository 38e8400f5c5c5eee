/** Holds a model that is kept in a folder, as the editor does or as objects, and prints the megabytes that it takes. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readModelFile } from '../../../src/node/model/modelFile.ts'
import { ModelStore } from '../../../src/node/model/modelStore.ts'

const [way = '', folder = '', root = ''] = process.argv.slice(2)
const place = { folder, root, language: 'en' }
const collect = globalThis.gc
if (collect === undefined) throw new Error('run it with --expose-gc')

const before = await megabytes()
const store = new ModelStore()
const { entities = '', tables = '', complete } = await store.cached(place)
// what the host has made of it, or all
const held = way === 'objects' ? await allDetails() : [JSON.parse(entities), JSON.parse(tables)]
const after = await megabytes()
if (!complete || held.length === 0) throw new Error('the model is not there')
console.log(String(after - before))
await store.cached(place)

/** The answer as whoever parses it has it. */
async function allDetails(): Promise<unknown[]> {
  const [name = ''] = readdirSync(folder).filter(file => file.endsWith('.model'))
  const model = await readModelFile(join(folder, name))
  return JSON.parse(new TextDecoder().decode(model?.source?.bytes)) as unknown[]
}

async function megabytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
