import { describe, expect, it } from 'vitest'
import type { Tapped } from '../support/tap.ts'
import { checkRequests } from './check-requests.ts'
import { hasPublished, publishedOperations, tellMissing } from './published.ts'

tellMissing()

const request = (method: string, target: string, body?: unknown, type = 'application/json'): Tapped => {
  const [path = '', query = ''] = target.split('?', 2)
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body))
  return {
    ...{ method, path, query: [...new URLSearchParams(query)], status: 200, body: bytes },
    headers: { 'user-agent': 'amalgam', ...(body === undefined ? {} : { 'content-type': type }) },
    bodyBytes: bytes.length,
  }
}

const problemsOf = async (...requests: readonly Tapped[]): Promise<readonly string[]> =>
  (await checkRequests(requests)).problems.map((problem) => problem.replace(/^\S+\.json /, ''))

const uuid = '3df11695-e8bb-40ff-8e98-c85913ab2789'

describe.runIf(hasPublished)('requests against what SAP Concur published', () => {
  it('fit, counted by operation, and those without a file are named with the reason', async () => {
    const report = await checkRequests([
      request('GET', '/api/v3.0/expense/reports?limit=25&user=ALL&hasVAT=true'),
      request('GET', '/api/v3.0/expense/reports?limit=25'),
      request('GET', `/dc/eu2/profile/identity/v4.1/Users/${uuid}`),
      request('GET', `/expenseconfig/v4/users/${uuid}/policies`),
      { ...request('GET', '/anything'), headers: { 'user-agent': 'a browser' } },
    ])
    expect(report).toEqual({
      validated: 3,
      operations: ['GET /api/v3.0/expense/reports', 'GET /profile/identity/v4.1/Users/{id}'],
      notCoverable: [
        {
          operation: 'GET /expenseconfig/v4/users/{userId}/policies',
          count: 1,
          reason: 'Expense Config v4 has a page and no file',
        },
      ],
      problems: [],
    })
  })

  it.each([
    ['an address of no file', request('GET', '/api/v3.0/expense/reprots'), 'in no file'],
    ['another method', request('PATCH', '/api/v3.0/expense/reports/X', {}), 'in no file'],
    ['an unknown parameter', request('GET', '/api/v3.0/expense/reports?limt=2'), '(limt)'],
    ['a wrong type', request('GET', '/api/v3.0/expense/reports?limit=x'), 'query/limit: must be integer'],
    [
      'a parameter that is left out',
      request('DELETE', '/api/v3.1/invoice/vendor/groups?vendorCode=a&addressCode=b'),
      "required property 'groupName'",
    ],
    ['an id of another form', request('GET', '/v4/attendees/gWqX'), 'path/id: must match format "uuid"'],
    [
      'another word than those allowed',
      request('GET', `/expensereports/v4/users/${uuid}/context/ANYBODY/reports/X/comments`),
      'path/contextType: must be equal to one of the allowed values',
    ],
    ['no body', request('POST', '/v4/attendees'), 'body: required and absent'],
    ['a body too many', request('GET', '/v4/attendees', { a: 1 }), 'body: the operation takes none'],
    ['an unknown field', request('POST', '/v4/attendees', { lastName: 'x', lastNam: 'x' }), '(lastNam)'],
    ['a null', request('PUT', `/v4/attendees/${uuid}`, { lastName: null }), 'body/lastName: must be string'],
    [
      'a field that is left out',
      request('PUT', '/expensereports/v4/reports/X/comments', {}),
      "required property 'comment'",
    ],
    [
      'a text that is too long',
      request('PUT', '/expensereports/v4/reports/X/comments', { comment: 'x'.repeat(2001) }),
      'body/comment: must NOT have more than 2000 characters',
    ],
    [
      'a field in a list',
      request('PUT', '/api/v3.1/invoice/vendor/groups?vendorCode=a&addressCode=b', {
        VendorGroup: [{ Name: 'x' }, { Nam: 'x' }],
      }),
      'body/VendorGroup/1',
    ],
    [
      'another type of body',
      request('PUT', '/expensereports/v4/reports/X/comments', { comment: 'x' }, 'text/plain'),
      'body: is text/plain, not application/json',
    ],
  ])('%s is noticed', async (_title, sent, words) => {
    const problems = await problemsOf(sent)
    expect(problems.join('\n')).toContain(words)
  })

  it('are corrected only where a file has the place, and each schema of a request can be compiled', async () => {
    const operations = publishedOperations()
    expect(operations.length).toBeGreaterThan(150)
    const sent = operations.map(({ method, path }) => request(method, path.replace(/\{\w+\}/g, 'x')))
    const { validated } = await checkRequests(sent)
    expect(validated).toBe(operations.length)
  })
})
