import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { ModelAbout } from '../../core/model/about.ts'
import { type DomainIndex, type DomainSource, sourceOf } from '../../core/model/domainSource.ts'

/**
 * A model on disk, one file each: the mark, the CRC-32 of all that follows, the length of the head (32 bits, little
 * endian, both), the head as JSON, then the parts that it tells the lengths of, one after the other. The Domain model
 * in full lies there as it came, with an index in the head. See ARCHITECTURE.md, "The model".
 */
export interface StoredModel {
  readonly about: ModelAbout
  /** `DomainEntity[]` and `Table[]` as JSON: the host parses them, the worker needs them as text alone. */
  readonly entities?: string | undefined
  readonly tables?: string | undefined
  readonly source?: DomainSource | undefined
}

interface Head {
  readonly about: ModelAbout
  readonly lengths: { readonly entities?: number; readonly tables?: number; readonly source?: number }
  readonly index?: DomainIndex
}

/** Changed whenever what is in the file changes its form. */
const MARK = 'erpmdl01'
const CRC_AT = MARK.length
const LENGTH_AT = CRC_AT + 4
const HEAD_AT = LENGTH_AT + 4

/** Undefined where there is none; one that is damaged, or of another form, is thrown away. */
export async function readModelFile(file: string): Promise<StoredModel | undefined> {
  const bytes = bytesIn(file)
  if (bytes === undefined) return undefined
  try {
    const model = decode(bytes)
    const now = new Date()
    await utimes(file, now, now).catch(() => undefined)
    return model
  } catch {
    await rm(file, { force: true }).catch(() => undefined)
    return undefined
  }
}

/** In one piece: the worker has nothing better to do, and in pieces it takes three times as long. */
function bytesIn(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Whole or not at all, so that other windows read the old one or the new one. Fails as the file system does. */
export async function writeModelFile(file: string, model: StoredModel): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const aside = join(folder, `${basename(file)}.${randomUUID()}`)
  try {
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writev(encode(model))
    } finally {
      await handle.close()
    }
    await rename(aside, file)
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw error
  }
  await removeOldest(folder)
}

/** Removes those whose path begins so, as far as the disk lets it. */
export async function removeModelFiles(begin: string): Promise<void> {
  const folder = dirname(begin)
  const names = await readdir(folder).catch(() => [])
  await removeAll(names.filter(name => name.startsWith(basename(begin))).map(name => join(folder, name)))
}

function encode({ about, entities, tables, source }: StoredModel): Uint8Array[] {
  const parts = { entities: bytesOf(entities), tables: bytesOf(tables), source: source?.bytes }
  const lengths = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, bytes?.length]))
  const head = Buffer.from(JSON.stringify({ about, lengths, index: source?.index }))
  const start = Buffer.alloc(HEAD_AT)
  start.write(MARK)
  start.writeUInt32LE(head.length, LENGTH_AT)
  const rest = [head, ...Object.values(parts).filter(bytes => bytes !== undefined)]
  const crc = [start.subarray(LENGTH_AT), ...rest].reduce((sum, bytes) => crc32(bytes, sum), 0)
  start.writeUInt32LE(crc, CRC_AT)
  return [start, ...rest]
}

/** Throws where it isn't whole. */
function decode(bytes: Buffer): StoredModel {
  if (bytes.toString('latin1', 0, MARK.length) !== MARK) throw new Error('another form')
  if (bytes.readUInt32LE(CRC_AT) !== crc32(bytes.subarray(LENGTH_AT))) throw new Error('damaged')
  let at = HEAD_AT + bytes.readUInt32LE(LENGTH_AT)
  const { about, lengths, index } = JSON.parse(bytes.toString('utf8', HEAD_AT, at)) as Head
  const take = (length: number | undefined) => (length === undefined ? undefined : bytes.subarray(at, at += length))
  const entities = take(lengths.entities)?.toString()
  const tables = take(lengths.tables)?.toString()
  const source = take(lengths.source)
  return { about, entities, tables, source: source && index && sourceOf(source, index) }
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text)
}

/** More instances, languages and sandboxes than anybody uses. */
const FILES_KEPT = 20

/** Those that nobody has opened for longest go. */
async function removeOldest(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter(name => name.includes('.model')).map(name => join(folder, name))
  if (files.length <= FILES_KEPT) return
  const dated = await Promise.all(files.map(async file => ({
    file, used: await stat(file).then(({ mtimeMs }) => mtimeMs, () => 0),
  })))
  await removeAll(dated.sort((a, b) => b.used - a.used).slice(FILES_KEPT).map(({ file }) => file))
}

async function removeAll(files: readonly string[]): Promise<void> {
  await Promise.all(files.map(file => rm(file, { force: true }).catch(() => undefined)))
}
