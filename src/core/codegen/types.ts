import type { DomainEntityDetails } from '../model/domain.ts'
import { modelItems } from '../model/facts.ts'
import { hashItems } from '../model/snapshot.ts'
import { printCSharp } from './csharp.ts'
import { typeModel } from './typeModel.ts'
import { printTypeScript } from './typescript.ts'

export const TYPE_LANGUAGES = ['typescript', 'csharp'] as const
export type TypeLanguage = (typeof TYPE_LANGUAGES)[number]

/** Where types come from. */
export interface TypesSource {
  /** Host of the instance. */
  readonly instance: string
  readonly version?: string
}

/** What the head of a file with types says, so that it can be made again. */
export interface TypesHead {
  readonly language: TypeLanguage
  /** Host of the instance that they were made from. */
  readonly instance: string
  readonly entitySets: readonly string[]
}

const MADE = '// ERP.net types'
const INSTANCE = '// instance: '
const ENTITIES = '// entity set: '
const LANGUAGES: Record<TypeLanguage, string> = { typescript: 'TypeScript', csharp: 'C#' }

/**
 * Types for the chosen entities, as the text of one file. The same model gives the same text: nothing in it tells when it
 * was made, and what is unchanged stays as it is.
 */
export function generateTypes(entities: readonly DomainEntityDetails[], language: TypeLanguage, source: TypesSource): string {
  const model = typeModel(entities)
  const chosen = model.entities.map(({ entity }) => entity)
  const head = [
    `${MADE} (${LANGUAGES[language]}), made by ERP.net Developer Tools. "Generate Types" makes this file again.`,
    INSTANCE + oneLine(source.instance),
    `// version: ${oneLine(source.version ?? 'unknown')}`,
    `// model: ${hashItems(modelItems(chosen))}`,
    ...chosen.map(({ entitySet }) => ENTITIES + oneLine(entitySet)),
  ]
  return `${head.join('\n')}\n\n${language === 'typescript' ? printTypeScript(model) : printCSharp(model)}`
}

/** The head of a file that `generateTypes` has made; undefined for any other text. */
export function readTypesHead(text: string): TypesHead | undefined {
  const [first = '', ...rest] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const language = TYPE_LANGUAGES.find(each => first.startsWith(`${MADE} (${LANGUAGES[each]}),`))
  if (language === undefined) return undefined
  const end = rest.findIndex(line => !line.startsWith('//'))
  const head = end < 0 ? rest : rest.slice(0, end)
  const said = (mark: string): string[] => head.filter(line => line.startsWith(mark)).map(line => line.slice(mark.length).trim())
  return { language, instance: said(INSTANCE)[0] ?? '', entitySets: said(ENTITIES) }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
