import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { SearchIndex } from '../../core/model/search/searchIndex.ts'
import type { ModelPlace } from './modelCalls.ts'
import { readModelFile, removeModelFiles, type StoredModel, writeModelFile } from './modelFile.ts'

/** A model while it is held; its parts are replaced one by one. */
export type Held = { -readonly [K in keyof StoredModel]?: StoredModel[K] } & {
  readonly file: string
  /** What is searched in, and what it was made of. */
  search?: { readonly parts: readonly unknown[]; readonly index: Promise<SearchIndex> }
}

/** An instance that isn't looked at is read from the disk again when it is. */
const MODELS_HELD = 3

/** The models that were used last, in memory and each in a file. Where the disk refuses, they are in memory alone. */
export class HeldModels {
  readonly #held = new Map<string, Promise<Held>>()
  /** How many loads of each file are under way. */
  readonly #loads = new Map<string, number>()
  /** The last write of each file. */
  readonly #saves = new Map<string, Promise<void>>()

  /** What is there, in memory or on disk. */
  open(place: ModelPlace): Promise<Held> {
    const file = fileOf(place)
    const held = this.#held.get(file) ?? readModelFile(file).then(stored => ({ ...stored, file }))
    this.#held.delete(file)
    this.#held.set(file, held)
    for (const oldest of [...this.#held.keys()].slice(0, -MODELS_HELD)) {
      if ((this.#loads.get(oldest) ?? 0) === 0) this.#held.delete(oldest)
    }
    return held
  }

  /** Opens it, and holds it until `load` is through: else what comes would be lost to who asks next. */
  async whileLoading(place: ModelPlace, load: (held: Held) => Promise<void>): Promise<Held> {
    const file = fileOf(place)
    const count = (change: number): unknown => this.#loads.set(file, (this.#loads.get(file) ?? 0) + change)
    count(1)
    try {
      const held = await this.open(place)
      await load(held)
      return held
    } finally {
      count(-1)
    }
  }

  /** Writes it to its file, one write after the other; what was removed meanwhile stays away. */
  async save(held: Held): Promise<void> {
    const { file } = held
    const write = async (): Promise<void> => {
      const { about } = held
      if (about !== undefined && await this.#held.get(file) === held) await writeModelFile(file, { ...held, about })
    }
    const saved = (this.#saves.get(file) ?? Promise.resolve()).then(write).catch(() => undefined)
    this.#saves.set(file, saved)
    await saved
  }

  /** Forgets all that is held and kept of an instance, in every language. What is on its way isn't kept any more. */
  async remove({ folder, root }: Omit<ModelPlace, 'language'>): Promise<void> {
    const files = join(folder, digest(root))
    for (const held of [...this.#held.keys()].filter(file => file.startsWith(files))) {
      this.#held.delete(held)
      await this.#saves.get(held)
    }
    await removeModelFiles(files)
  }
}

/** The models of one instance have names that begin alike. */
function fileOf({ folder, root, language }: ModelPlace): string {
  return join(folder, `${digest(root)}-${digest(language)}.model`)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
