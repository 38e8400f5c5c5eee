import { isJsonObject, objectsOf, textOf } from '../base/json.ts'
import { ErpError } from '../base/errors.ts'

/** An entity set that is called otherwise since some version (protocol sheet, section 3, `GetRenamedEntityTypes`). */
export interface RenamedEntity {
  readonly oldName: string
  readonly newName: string
  readonly version?: string
}

/** Reads the answer of `GetRenamedEntityTypes`; entries without names are passed over. Throws `unexpected-answer`. */
export function readRenamed(json: unknown): RenamedEntity[] {
  if (!isJsonObject(json) || !Array.isArray(json['value'])) throw new ErpError('unexpected-answer', { reason: 'it lists no renamed entities' })
  return objectsOf(json, 'value').flatMap(entry => {
    const [oldName, newName, version] = ['OldName', 'NewName', 'Version'].map(name => textOf(entry, name))
    if (oldName === undefined || newName === undefined || oldName === newName) return []
    return [{ oldName, newName, ...(version === undefined ? {} : { version }) }]
  })
}

/** Names as they are now, by their old ones: through several renamings, but not where a name is in use again. */
export function currentNames(renamed: readonly RenamedEntity[], inUse: ReadonlySet<string>): Map<string, RenamedEntity> {
  const next = new Map(renamed.map(entry => [entry.oldName, entry]))
  const names = new Map<string, RenamedEntity>()
  for (const entry of renamed) {
    if (inUse.has(entry.oldName)) continue
    let last = entry
    const seen = new Set([entry.oldName])
    while (!seen.has(last.newName)) {
      seen.add(last.newName)
      const further = inUse.has(last.newName) ? undefined : next.get(last.newName)
      if (further === undefined) break
      last = further
    }
    if (last.newName !== entry.oldName) names.set(entry.oldName, { ...last, oldName: entry.oldName })
  }
  return names
}

/** An old name in a text, by offsets. */
export interface OldName extends RenamedEntity {
  readonly start: number
  readonly end: number
}

/** Where a text uses old names, as whole words: `Crm_Customers`, but not `Crm_CustomersList`. */
export function findOldNames(text: string, names: ReadonlyMap<string, RenamedEntity>): OldName[] {
  return [...text.matchAll(/[\p{L}\p{N}_]+/gu)].flatMap(({ 0: word, index }) => {
    const entry = names.get(word)
    return entry === undefined ? [] : [{ ...entry, start: index, end: index + word.length }]
  })
}
