/** What properties the sandbox's account has, and how they are searched. */

export type ObjectName = 'contacts' | 'companies'
export type Kind = 'string' | 'number' | 'datetime' | 'enumeration'

export interface Property {
  readonly kind: Kind
  readonly readOnly?: true
  readonly options?: readonly string[]
}

const string: Property = { kind: 'string' }
const readOnly = (kind: Kind): Property => ({ kind, readOnly: true })
const stages = ['subscriber', 'lead', 'marketingqualifiedlead', 'opportunity', 'customer', 'other']
export const industries = ['COMPUTER_SOFTWARE', 'FOOD_PRODUCTION', 'RETAIL', 'TRANSPORTATION']
const enumeration = (options?: readonly string[]): Property =>
  options === undefined ? { kind: 'enumeration' } : { kind: 'enumeration', options }

const strings = (names: string): Record<string, Property> =>
  Object.fromEntries(names.split(' ').map((name) => [name, string]))

/** Follows: knowledge.hubspot.com, default contact and company properties. Not compared with the page. */
export const properties: Readonly<Record<ObjectName, Readonly<Record<string, Property>>>> = {
  contacts: {
    ...strings('email firstname lastname jobtitle company phone mobilephone website address city state zip'),
    ...strings('country annualrevenue favourite_fruit'),
    lifecyclestage: enumeration(stages),
    hs_lead_status: enumeration(['NEW', 'OPEN', 'IN_PROGRESS', 'UNQUALIFIED', 'CONNECTED']),
    hubspot_owner_id: enumeration(),
    nps_score: { kind: 'number' },
    associatedcompanyid: readOnly('number'),
    createdate: readOnly('datetime'),
    lastmodifieddate: readOnly('datetime'),
    hs_object_id: readOnly('number'),
  },
  companies: {
    ...strings('name domain website description phone address address2 city state zip country timezone'),
    founded_year: string,
    industry: enumeration(industries),
    type: enumeration(['PROSPECT', 'PARTNER', 'RESELLER', 'VENDOR', 'OTHER']),
    lifecyclestage: enumeration(stages),
    hubspot_owner_id: enumeration(),
    numberofemployees: { kind: 'number' },
    annualrevenue: { kind: 'number' },
    createdate: readOnly('datetime'),
    hs_lastmodifieddate: readOnly('datetime'),
    hs_object_id: readOnly('number'),
  },
}

/** What is shown where nobody asks for properties. */
export const shownUnasked: Readonly<Record<ObjectName, readonly string[]>> = {
  contacts: ['email', 'firstname', 'lastname'],
  companies: ['name', 'domain'],
}

export const modifiedName: Readonly<Record<ObjectName, string>> = {
  contacts: 'lastmodifieddate',
  companies: 'hs_lastmodifieddate',
}

export const isObjectName = (name: string): name is ObjectName => Object.hasOwn(properties, name)
