import type { TourCall } from '#src/element/index.ts'

/** Calls that show what a connection can do. */
export const tour: readonly TourCall[] = [
  {
    title: 'The contacts of a city',
    path: '/hubs/crm/contacts',
    query: { where: "city = 'Berlin'", fields: 'id,email,city', pageSize: '3' },
  },
  {
    title: 'Companies with more than 1,000 people',
    path: '/hubs/crm/accounts',
    query: { where: 'numberofemployees > 1000', fields: 'id,name,numberofemployees', pageSize: '3' },
  },
]
