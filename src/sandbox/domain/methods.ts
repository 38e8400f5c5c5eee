import type { Entity, Method } from '../data/schema.ts'

/** Name, kind, result, then parameters `name type`, with `?` when it may be left out. `Self` is the entity itself. */
const COMMON = [
  'CreateCopy action Erp.Self',
  'CreateNotification action - user Erp.Systems_Security_User, notificationClass Edm.String, subject Edm.String,'
    + ' priority Erp.General_Priority?',
  'GetAllowedCustomPropertyValues function Collection(Erp.Systems_Bpm_CustomPropertyValue)'
    + ' customPropertyCode Edm.String, search Edm.String?, exactMatch Edm.Boolean?, orderByDescription Edm.Boolean?,'
    + ' top Edm.Int32?, skip Edm.Int32?',
  'GetPropertyAllowedValues function Collection(Erp.ValueTextPair) propertyName Edm.String, search Edm.String?,'
    + ' top Edm.Int32?, skip Edm.Int32?',
].map(readMethod)

const OF_DOCUMENTS = [
  'ChangeState action - newState Erp.General_Documents_DocumentState,'
    + ' userStatus Erp.Systems_Documents_DocumentTypeUserStatus?',
  'Complete action -',
  'GetAllParentDocuments function Collection(Erp.General_Documents_Document) includeSelf Edm.Boolean?',
  'GetPrintout action Edm.String fileFormat Edm.String?',
  'MakeVoid action - reason Edm.String, resetParentState Edm.Boolean?',
  'Recalculate action -',
].map(readMethod)

/** @param derived whether it extends another entity, or is the one that documents extend */
export function methodsOf(entity: Entity, derived: boolean): readonly Method[] {
  if (entity.table.view) return []
  const document = derived && (entity.base ?? entity.repository) === 'General.Documents.Documents'
  const self = (type: string | undefined) => type?.replace('Erp.Self', `Erp.${entity.type}`)
  return (document ? [...COMMON, ...OF_DOCUMENTS] : COMMON).map(
    method => ({ ...method, returns: self(method.returns) }),
  )
}

function readMethod(line: string): Method {
  const [name = '', kind, returns, ...rest] = line.split(' ')
  const parameters = rest.join(' ').split(', ').filter(parameter => parameter !== '').map(parameter => {
    const [parameterName = '', type = ''] = parameter.split(' ')
    return { name: parameterName, type: type.replace('?', ''), optional: type.endsWith('?') }
  })
  return { name, action: kind === 'action', returns: returns === '-' ? undefined : returns, parameters }
}
