import { Attempt } from '../../core/base/attempt.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Json } from '../../node/model/modelCalls.ts'
import type { ModelInstance } from './modelInstance.ts'

export interface ModelSearchParts {
  readonly instance: ModelInstance
  /** Which model it is, when all of it is there. */
  readonly whole: () => Promise<ModelAbout | undefined>
  /** Told what went wrong where nobody waits for it. */
  readonly onTrouble: (error: unknown) => void
}

/** The search in the model of one instance: also by names in other languages, and by old ones. */
export class ModelSearch {
  readonly #parts: ModelSearchParts
  readonly #otherLanguages = new Attempt<void>()
  /** Whether it was asked for the old names of entities, and what they are. */
  readonly #oldNames = new Attempt<void>()
  #renamed: Json<RenamedEntity[]> = '[]'

  constructor(parts: ModelSearchParts) {
    this.#parts = parts
  }

  /** What is called so in what has been loaded by now, the best first. Other names are asked for in the background. */
  async search(typed: string, limit: number): Promise<FoundItem[]> {
    const { instance, onTrouble } = this.#parts
    const place = await instance.place()
    const also = otherLanguages(place.language)
    this.#otherLanguages.start(() => this.#loadLanguages(also), onTrouble)
    this.#oldNames.start(() => this.#loadRenamed(), onTrouble)
    return instance.call('searchModel', { ...place, typed, limit, also, renamed: this.#renamed })
  }

  /** When nothing is on its way any more, however that ended. */
  async quiet(): Promise<void> {
    for (const attempt of [this.#otherLanguages, this.#oldNames]) await Promise.allSettled([attempt.current])
  }

  /**
   * When the model itself is there: it matters more. Without a token, as that is enough to search in; a current model
   * that is kept stays.
   */
  async #loadLanguages(languages: readonly string[]): Promise<void> {
    const { instance, whole } = this.#parts
    const about = await whole()
    // there are no names in it
    if (about?.kind === 'metadata') return
    const version = await instance.version()
    for (const language of languages) {
      const place = { ...await instance.place(), language }
      const known = await instance.call('cachedModel', place)
      if (known.complete && (version === undefined || known.about?.version === version)) continue
      const domain = await instance.publicDomain()
      await instance.call('loadDetails', { ...place, version, domain, anew: false })
    }
  }

  /** Only who is signed in may ask. */
  async #loadRenamed(): Promise<void> {
    const { instance } = this.#parts
    const renamed = await instance.withDomain(async ({ domain: { odata: base, token } }) =>
      token === undefined ? [] : instance.call('renamedEntities', { base, token }), true)
    this.#renamed = JSON.stringify(renamed)
  }
}

/** People search in English and Bulgarian, whatever their editor speaks. */
function otherLanguages(language: string): string[] {
  return ['en', 'bg'].filter(other => other !== language.split('-')[0])
}
