import { crmObject, type Property } from './crm-object.ts'

const text = (about: string): Property => ({ type: 'text', about })
const choice = (about: string): Property => ({ type: 'text', about, choice: true })

/** The properties of a contact that every account has and most use. Source: HubSpot, "Default contact properties". */
const properties: Readonly<Record<string, Property>> = {
  email: text('E-mail address; no two contacts have the same.'),
  firstname: text('First name.'),
  lastname: text('Last name.'),
  jobtitle: text('Job title.'),
  company: text('Name of the company, as it was written.'),
  phone: text('Telephone number.'),
  mobilephone: text('Mobile telephone number.'),
  website: text('Web site.'),
  address: text('Street and number.'),
  city: text('City.'),
  state: text('State or region.'),
  zip: text('Postal code.'),
  country: text('Country.'),
  lifecyclestage: choice('How far the contact came in marketing and sales, such as lead or customer.'),
  hs_lead_status: choice('Status as a lead, such as NEW or OPEN.'),
  hubspot_owner_id: choice('Id of the user at HubSpot who owns the contact.'),
  associatedcompanyid: { type: 'number', about: 'Id of the company it belongs to.', readOnly: true },
  annualrevenue: text('Annual revenue of the company, as it was written.'),
  createdate: { type: 'datetime', about: 'When the contact was created.', readOnly: true },
  lastmodifieddate: { type: 'datetime', about: 'When the contact last changed.', readOnly: true },
  hs_object_id: { type: 'number', about: 'The same as id.', readOnly: true },
}

export const contacts = crmObject({
  name: 'contacts',
  title: 'Contacts',
  object: 'contacts',
  properties,
  modified: 'lastmodifieddate',
})
