/** Operations that the element calls and no published file describes. */
export interface NotCoverable {
  readonly method: string
  readonly path: string
  readonly reason: string
}

const get = (path: string, reason: string): NotCoverable => ({ method: 'GET', path, reason })

const config = 'Expense Config v4 has a page and no file'
const localities = 'Localities v5 has a page and no file'
const behind = 'in the page of Reports v4, not in its file'

export const notCoverable: readonly NotCoverable[] = [
  {
    method: 'POST',
    path: '/oauth2/v0/token',
    reason: 'the draft of 2018 declares the whole form as one field named body',
  },
  ...[
    ['GET', 'GetAccessToken'],
    ['POST', 'GetAccessToken'],
    ['POST', 'revoketoken'],
  ].map(
    ([method = '', name = '']): NotCoverable => ({
      method,
      path: `/net2/oauth2/${name}.ashx`,
      reason: 'the deprecated framework has a page and no file',
    }),
  ),
  ...['policies', 'policies/{policyId}/expensetypes', 'paymenttypes', 'attendeetypes', 'groupconfigs'].map(
    (rest) => get(`/expenseconfig/v4/users/{userId}/${rest}`, config),
  ),
  ...['groupconfigs', 'groupconfigs/{hierarchyNodeId}'].map((rest) =>
    get(`/expenseconfig/v4/companies/{companyId}/${rest}`, config),
  ),
  ...['locations', 'adminRegions'].map((rest) => get(`/localities/v5/${rest}`, localities)),
  get('/imaging/v1/files/{name}', 'an address that a reply of Image v1 or Receipt Images v3 gives'),
  get('/v4/attendeetypes', 'Admin Attendee Types v4 has a page and no file'),
  get('/expensereports/v4/reports/{reportId}/formFields', behind),
  ...['', '/expenses/{expenseId}'].map(
    (rest): NotCoverable => ({
      method: 'DELETE',
      path: `/expensereports/v4/reports/{reportId}${rest}`,
      reason: behind,
    }),
  ),
  {
    method: 'PATCH',
    path: '/expensereports/v4/users/{userId}/reports/{reportId}/submit',
    reason: behind,
  },
]
