import type { DomainAttribute, DomainEntityDetails, DomainReference, FilterKind } from '../../src/core/model/domain.ts'

const ALL: readonly FilterKind[] = ['Equals', 'EqualsIn', 'GreaterThanOrLessThan', 'Like']

function attribute(name: string, type: string, more: Partial<DomainAttribute> = {}): DomainAttribute {
  return { name, type, nullable: true, readOnly: false, custom: false, calculated: false, enumValues: [], filters: ALL, ...more }
}

function reference(name: string, target: string, more: Partial<DomainReference> = {}): DomainReference {
  return { name, target, nullable: true, readOnly: false, ownership: false, filterable: false, filters: ['Equals', 'EqualsIn'], ...more }
}

function entity(entitySet: string, members: Partial<DomainEntityDetails>): DomainEntityDetails {
  return {
    entitySet, repository: entitySet.replaceAll('_', '.'), isAggregateRoot: true,
    attributes: [], references: [], childCollections: [], methods: [], ...members,
  }
}

/** A few entities with a property of each kind. */
export const ENTITIES: readonly DomainEntityDetails[] = [
  entity('Orders', {
    attributes: [
      attribute('Id', 'Edm.Guid', { nullable: false, filters: ['Equals', 'EqualsIn'] }),
      attribute('No', 'Edm.String', { orderable: true, filters: ['Equals', 'Like'] }),
      attribute('Day', 'Edm.DateTimeOffset', { day: true, nullable: false, orderable: true }),
      attribute('Time', 'Edm.DateTimeOffset', { filters: ['GreaterThanOrLessThan'] }),
      attribute('AggregateLastUpdateTimeUtc', 'Edm.DateTimeOffset', { filters: ['GreaterThanOrLessThan'] }),
      attribute('State', 'Erp.State', { nullable: false, filters: ['Equals', 'EqualsIn', 'GreaterThanOrLessThan'], enumValues: [{ name: 'Done', value: '30' }, { name: 'New', value: '0' }, { name: 'Open', value: '10' }] }),
      attribute('Void', 'Edm.Boolean', { nullable: false, filters: ['Equals'] }),
      attribute('Lines', 'Edm.Int32', { orderable: true }),
      attribute('Rate', 'Edm.Decimal', { filters: ['GreaterThanOrLessThan'], scale: 2 }),
      attribute('Total', 'Erp.Amount', { filters: ['GreaterThanOrLessThan'] }),
      attribute('Title', 'Erp.MultilanguageString', { filters: ['Like'] }),
      attribute('Notes', 'Edm.String', { filters: [] }),
      attribute('CustomProperty_Color', 'Systems_Bpm_CustomPropertyValue', { custom: true, filters: ['Equals'] }),
    ],
    references: [
      reference('Customer', 'Customers'),
      reference('Document', 'Documents', { ownership: true, nullable: false }),
      reference('Store', 'Stores', { filterable: true }),
    ],
    childCollections: [{ name: 'Items', target: 'Items' }],
  }),
  entity('Customers', { attributes: [attribute('Number', 'Edm.String'), attribute('Limit', 'Edm.Decimal')], references: [reference('Party', 'Parties')] }),
  entity('Documents', { attributes: [attribute('Void', 'Edm.Boolean', { nullable: false }), attribute('Code', 'Edm.String', { orderable: true })] }),
  entity('Stores', { attributes: [attribute('Code', 'Edm.String', { nullable: false })] }),
  entity('Parties', { attributes: [attribute('Name', 'Edm.String')] }),
  entity('Items', { attributes: [attribute('LineNo', 'Edm.Int32')], references: [reference('Order', 'Orders', { ownership: true })] }),
  entity('Balances', { attributes: [attribute('ViewItemId', 'Edm.String'), attribute('A', 'Edm.Int32'), attribute('B', 'Edm.Int32')] }),
]
