import { escapeHtml } from '../http.ts'
import type { Catalog } from './catalog.ts'
import type { Language } from './culture.ts'
import { localName } from './words.ts'

/** The two pages that ERP.net offers to people who try queries; here they only say how to ask. */

export function queryPage(catalog: Catalog, language: Language): string {
  const text = language === 'bg'
    ? ['Заявки', 'Тук заявките се изпращат с ключ:', 'Набори']
    : ['Query', 'Queries are sent with a key:', 'Entity sets']
  return page(language, text, 'GET odata/Crm_Sales_SalesOrders?$top=3&amp;$select=DocumentNo,State', catalog)
}

export function queryBuilderPage(catalog: Catalog, language: Language): string {
  const text = language === 'bg'
    ? ['Конструктор на заявки', 'Заявката стои в адреса, след знака #:', 'Набори']
    : ['Query builder', 'The query is in the address, after the sign #:', 'Entity sets']
  return page(language, text, 'querybuilder#Crm_Sales_SalesOrders?$top=3', catalog)
}

function page(
  language: Language, [title = '', words = '', list = '']: readonly string[], sample: string, catalog: Catalog,
): string {
  const sets = catalog.entities.map(({ entity: { set, repository } }) => {
    const name = localName(repository.slice(repository.lastIndexOf('.') + 1), language)
    return `<li><code>${escapeHtml(set)}</code> ${escapeHtml(name)}</li>`
  })
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${title}</title>
<h1>${title}</h1><p>${words}</p><pre>${sample}</pre><h2>${list}</h2><ul>${sets.join('\n')}</ul></html>`
}
