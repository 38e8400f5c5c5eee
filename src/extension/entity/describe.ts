import { l10n, type Uri } from 'vscode'
import { ErpError, isErpError } from '../../core/base/errors.ts'
import { findTable } from '../../core/model/find.ts'
import type { ModelReader } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import { entityPage } from './entityPage.ts'
import type { Found } from './find.ts'
import { tablePage } from './tablePage.ts'

/** Writes the page of an entity or a table. @returns its title, and Markdown */
export async function describe(models: ModelReader, found: Found, signal?: AbortSignal): Promise<{ title: string; text: string }> {
  const { connection, name, kind } = found
  if (kind === 'table') {
    const tables = await models.tables(connection)
    return { title: l10n.t('{0} of {1}', name, connection.name), text: tablePage(findTable(tables, name), tables, connection) }
  }
  const model = await unlessRefused(models.model(connection, 'known', signal))
  const [entity, entities, about] = await Promise.all([
    models.entity(connection, name), models.entities(connection), models.about(connection, signal),
  ])
  if (entity.entitySet !== name) throw new ErpError('entity-unknown', { name })
  const tables = entity.table === undefined ? [] : await unlessRefused(models.tables(connection)) ?? []
  const table = tables.find(candidate => candidate.name === entity.table)
  const text = entityPage({
    entity, entities, odataRoot: about.odataRoot, standard: about.standard, connection: connection.name,
    ...(model === undefined ? {} : { model }), ...(table === undefined ? {} : { table }),
  })
  return { title: l10n.t('{0} of {1}', entity.repository, connection.name), text }
}

/** The page is of use without what the instance doesn't give, or not to who is signed out. */
async function unlessRefused<T>(part: Promise<T>): Promise<T | undefined> {
  try {
    return await part
  } catch (error) {
    if (isErpError(error, 'cancelled')) throw error
    return undefined
  }
}

export async function showDescription(models: ModelReader, documents: Documents, found: Found, signal?: AbortSignal): Promise<{ uri: Uri; text: string }> {
  const { title, text } = await describe(models, found, signal)
  return { uri: await documents.show(title, text), text }
}
