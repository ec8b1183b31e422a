import type { TourCall } from '#src/element/index.ts'

/** The first calls of a newcomer; README.md holds the same lines. */
export const tour: readonly TourCall[] = [
  {
    title: 'The newest expense report',
    path: '/hubs/expense/reports',
    query: { pageSize: '1', fields: 'ID,Name,Total,CurrencyCode,LastModifiedDate' },
  },
  {
    title:
      'Reports that wait for approval, the larger ones: SAP Concur filters the status, Amalgam the amount',
    path: '/hubs/expense/reports',
    query: {
      pageSize: '2',
      fields: 'Name,Total,CurrencyCode,ApprovalStatusName',
      where: "ApprovalStatusCode = 'A_PEND' AND Total > 500",
    },
  },
  {
    title: 'People',
    path: '/hubs/expense/users',
    query: { pageSize: '2', fields: 'LoginID,FirstName,LastName,Active', where: "active = 'true'" },
  },
]
