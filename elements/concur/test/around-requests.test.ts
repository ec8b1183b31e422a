import { describe, expect, it } from 'vitest'
import type { Given, PortRequest, Resource, VendorPort } from '#src/element/index.ts'
import type { Json } from '#src/lib/json.ts'
import { hasPublished, problemsWith, sampleOf, specOf } from '../../../test/support/published.ts'
import { concur } from '../index.ts'

/** What the functions around a report ask of the vendor, held against SAP's published specification. */
const reports = specOf('v4-0/Reports.swagger.json')
const known = concur({}).resources

/** The vendor, who answers reads with payloads of its pages and keeps what it was asked. */
const vendor = (principal: 'user' | 'company', reply: (request: PortRequest) => Json) => {
  const asked: PortRequest[] = []
  const port: VendorPort = {
    ask: async (request) => {
      asked.push(request)
      const body = request.method === 'GET' ? reply(request) : undefined
      return { status: 200, headers: {}, body, text: body === undefined ? '' : JSON.stringify(body) }
    },
    exchange: (request) => port.ask(request),
    refusal: () => {
      throw new Error('nothing is refused here')
    },
    configuration: () => ({}),
    principalOf: () => principal,
    baseUrl: () => Promise.resolve('https://concur.example'),
    subjectOf: () => undefined,
    configured: () => undefined,
    place: async () => '750524a2-907b-4dde-9fec-d038ab043f53',
    remember: (_key, _seconds, find) => find(),
    deadlineMs: Number.POSITIVE_INFINITY,
  }
  return { port, asked }
}

type Verb = 'search' | 'retrieve' | 'create' | 'update' | 'remove'

const run = (port: VendorPort, name: string, verb: Verb, input: object): Promise<unknown> => {
  const call = (known[name] as Resource).verbs[verb]
  if (call === undefined || !('run' in call)) throw new Error(`${name} ${verb} is no function`)
  return (call.run as (port: VendorPort, input: object) => Promise<unknown>)(port, input)
}

const onReport: Given = { reportId: '93B9D238A6864C019258' }
const onExpense: Given = { ...onReport, expenseId: '84FCBB92BD4E5342B849DAC29FD163A1' }
const onAllocation: Given = { ...onExpense, allocationId: '3BBB494511E1C74DA04469C45B039871' }

const associations = 'expense-expense-report-v4.expense-attendee-associations/1'
const listed: Readonly<Record<string, string>> = {
  attendees: associations,
  comments: 'expense-expense-report-v4.comments/3',
  exceptions: 'expense-expense-report-v4.exceptions/2',
}
const reply = ({ path }: PortRequest): Json => sampleOf<Json>(listed[path.split('/').at(-1) ?? ''] ?? '')
/** The attendee of the page's example, and another. */
const guest = '695e66e2-a472-074d-8895-057311c6a158'
const other = '15e224fe-8eee-40b3-bef1-c4b4c05155be'

describe.runIf(hasPublished).each(['user', 'company'] as const)(
  'what stands around a report is asked and written as the specification has it, by a %s:',
  (principal) => {
    const check = (asked: readonly PortRequest[], least: number) => {
      expect(asked.flatMap((request) => problemsWith(reports, request))).toEqual([])
      expect(new Set(asked.map(({ method, path }) => `${method} ${path}`)).size).toBeGreaterThanOrEqual(least)
      for (const { scopes = [], principals = [] } of asked) {
        expect([scopes.length > 0, principals.length]).toEqual([true, 2])
      }
    }

    it('attendees of an expense', async () => {
      const { port, asked } = vendor(principal, reply)
      const given = onExpense
      await run(port, 'expense-attendees', 'search', { filters: given })
      const body = { attendeeId: other, transactionAmount: 5, isTraveling: true, noShowAttendeeCount: 2 }
      await run(port, 'expense-attendees', 'create', { given, body })
      const customData = [{ id: 'custom1', value: 'host', isValid: true }]
      await run(port, 'expense-attendees', 'update', { given, id: guest, body: { customData } })
      await run(port, 'expense-attendees', 'remove', { given, id: guest })
      check(asked, 3)
    })

    it('comments', async () => {
      const { port, asked } = vendor(principal, (request) =>
        request.path.includes('/expenses/')
          ? reply(request)
          : (reply(request) as Json[]).map((row) => ({ ...(row as object), expenseId: null })),
      )
      for (const given of [onReport, onExpense]) {
        await run(port, 'report-comments', 'search', { filters: { ...given, includeAllComments: 'true' } })
        await run(port, 'report-comments', 'create', { given, body: { comment: 'Look' } })
        await run(port, 'report-comments', 'update', { given, id: 'latest', body: { comment: 'Look again' } })
        await run(port, 'report-comments', 'remove', { given, id: 'latest' })
      }
      check(asked, 8)
    })

    it('exceptions', async () => {
      const { port, asked } = vendor(principal, reply)
      for (const given of [onReport, onExpense, onAllocation]) {
        const filters = { ...given, excludeExpenses: 'true', excludeItemizations: 'true' }
        await run(port, 'report-exceptions', 'search', { filters })
        const body = { exceptionCode: 'CHECKIT', exceptionVisibility: 'ALL' }
        await run(port, 'report-exceptions', 'create', { given, body })
        await run(port, 'report-exceptions', 'remove', { given: { ...given, exceptionCode: 'CHECKIT' } })
      }
      check(asked, 9)
    })
  },
)

describe.runIf(hasPublished)('an attendee that is added to an expense', () => {
  it('leaves what stands on the others as it was', async () => {
    const { port, asked } = vendor('user', reply)
    const body = {
      attendeeId: other.replaceAll('-', '').toUpperCase(),
      transactionAmount: { value: 5, currencyCode: 'USD' },
    }
    await run(port, 'expense-attendees', 'create', { given: onExpense, body })
    const before = { attendeeId: '695E66E2A472074D8895057311C6A158', transactionAmount: 100 }
    expect(asked.at(-1)?.body).toEqual({
      noShowAttendeeCount: 0,
      expenseAttendeeList: [
        { ...before, isAmountUserEdited: false, associatedAttendeeCount: 1, versionNumber: 1 },
        { attendeeId: other, transactionAmount: 5, isAmountUserEdited: true },
      ],
    })
  })

  it('is the same one with hyphens or without, and is not added twice', async () => {
    const { port, asked } = vendor('user', reply)
    const body = { attendeeId: guest, associatedAttendeeCount: 4 }
    await run(port, 'expense-attendees', 'create', { given: onExpense, body })
    const same = { attendeeId: '695E66E2A472074D8895057311C6A158', associatedAttendeeCount: 4 }
    expect(asked.at(-1)?.body).toMatchObject({ expenseAttendeeList: [{ ...same, transactionAmount: 100 }] })
    expect(asked).toHaveLength(2)
  })

  it('is one of 500 at most', async () => {
    const row = { transactionAmount: { value: 1, currencyCode: 'USD' } }
    const expenseAttendeeList = Array.from({ length: 500 }, (_, at) => ({
      ...row,
      attendeeId: `${String(at).padStart(8, '0')}-0000-4000-8000-000000000000`,
    }))
    const { port, asked } = vendor('user', () => ({ noShowAttendeeCount: 0, expenseAttendeeList }))
    const adding = run(port, 'expense-attendees', 'create', {
      given: onExpense,
      body: { attendeeId: other },
    })
    await expect(adding).rejects.toThrow('at most 500')
    expect(asked.map(({ method }) => method)).toEqual(['GET'])
  })
})
