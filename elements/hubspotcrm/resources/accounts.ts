import { crmObject, type Property } from './crm-object.ts'

const text = (about: string): Property => ({ type: 'text', about })
const choice = (about: string): Property => ({ type: 'text', about, choice: true })

/** The properties of a company that every account has and most use. Source: HubSpot, "Default company properties". */
const properties: Readonly<Record<string, Property>> = {
  name: text('Name of the company.'),
  domain: text('Domain of its web site.'),
  website: text('Web site.'),
  description: text('What it does.'),
  phone: text('Telephone number.'),
  industry: choice('Industry, such as COMPUTER_SOFTWARE.'),
  type: choice('Its relation, such as PROSPECT or PARTNER.'),
  address: text('Street and number.'),
  address2: text('Second line of the address.'),
  city: text('City.'),
  state: text('State or region.'),
  zip: text('Postal code.'),
  country: text('Country.'),
  timezone: text('Time zone.'),
  numberofemployees: { type: 'number', about: 'How many people work there.' },
  annualrevenue: { type: 'number', about: 'Annual revenue, in the currency of the account.' },
  founded_year: text('Year of foundation.'),
  lifecyclestage: choice('How far the company came in marketing and sales, such as lead or customer.'),
  hubspot_owner_id: choice('Id of the user at HubSpot who owns the company.'),
  createdate: { type: 'datetime', about: 'When the company was created.', readOnly: true },
  hs_lastmodifieddate: { type: 'datetime', about: 'When the company last changed.', readOnly: true },
  hs_object_id: { type: 'number', about: 'The same as id.', readOnly: true },
}

/** Companies, under the name that Cloud Elements gave them. */
export const accounts = crmObject({
  name: 'accounts',
  otherNames: ['companies'],
  title: 'Accounts (companies)',
  object: 'companies',
  properties,
  modified: 'hs_lastmodifieddate',
})
