import { badInput, isRecord, type Place, type VendorPort, vendorFailed } from '#src/element/index.ts'

/**
 * What addresses of v4 name and old callers do not know: a person and a company by their UUIDs.
 * Source: SAP Concur, Identity v4.1 and Reports v3 (spec/concur.md 2.1, 3.1, 3.8), compared 2026-08.
 */

const daySeconds = 86_400
/** Identity v4.1 is documented for company tokens (spec/concur.md 3.8). */
const identity = {
  principals: ['company'],
  scopes: ['identity.user.core.read', 'identity.user.ids.read'],
} as const
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const search = 'urn:ietf:params:scim:api:messages:concur:2.0:SearchRequest'

/** The UUID of a person by login. @throws AppError `bad-request` where nobody has it. */
export const userIdOfLogin = (port: VendorPort, login: string): Promise<string> =>
  port.remember(`login/${login}`, daySeconds, async () => {
    const { body } = await port.ask({
      method: 'POST',
      path: '/profile/identity/v4.1/Users/.search',
      body: { schemas: [search], filter: `userName eq ${JSON.stringify(login)}`, count: 2 },
      ...identity,
      repeatable: true,
    })
    const people = isRecord(body) && Array.isArray(body.Resources) ? body.Resources : []
    const [person] = people.filter(isRecord)
    if (typeof person?.id === 'string') return person.id
    throw badInput(`user: SAP Concur knows nobody with the login ${login}.`)
  })

/** The login of a report's owner. */
const ownerOfReport = (port: VendorPort, reportId: string): Promise<string> =>
  port.remember(`owner/${reportId}`, daySeconds, async () => {
    const { body } = await port.ask({
      method: 'GET',
      path: `/api/v3.0/expense/reports/${encodeURIComponent(reportId)}`,
      principals: ['company', 'user'],
      scopes: ['EXPRPT'],
    })
    if (isRecord(body) && typeof body.OwnerLoginID === 'string') return body.OwnerLoginID
    throw vendorFailed(`The report ${reportId} came without its OwnerLoginID.`)
  })

/** Whom an address with `/users/{userId}/` means: the one named, the connected person, the report's owner. */
const userId: Place = {
  description: 'UUID of a person; absent: the connected person, for a company the owner of the report.',
  find: async (port, given, principal) => {
    if (given.user !== undefined) return userIdOfLogin(port, given.user)
    const connected = principal === 'user' ? port.subjectOf('user') : undefined
    if (connected !== undefined) return connected
    const reportId = given.reportId ?? given.reportID
    if (reportId !== undefined) return userIdOfLogin(port, await ownerOfReport(port, reportId))
    throw badInput(
      'userId: name the person, by userId (UUID) or user (login): a company has no person of its own.',
    )
  },
}

const companyId: Place = {
  description: 'UUID of the company; absent: the connected one.',
  find: async (port) => {
    const connected = port.subjectOf('company')
    if (connected !== undefined) return connected
    const person = port.subjectOf('user')
    if (person === undefined) throw badInput('companyId: name the UUID of the company.')
    return port.remember('company', daySeconds, async () => {
      const path = `/profile/identity/v4.1/Users/${encodeURIComponent(person)}`
      const { body } = await port.ask({ ...identity, method: 'GET', path })
      const extension = isRecord(body) ? body[enterprise] : undefined
      if (isRecord(extension) && typeof extension.companyId === 'string') return extension.companyId
      throw badInput('companyId: name the UUID of the company; SAP Concur does not tell it of this person.')
    })
  },
}

const policyId: Place = {
  description: "Id of a policy; absent: the person's default one.",
  find: async (port, given, principal) => {
    const person = await port.place('userId', given, principal)
    return port.remember(`policy/${person}`, daySeconds, async () => {
      const path = `/expenseconfig/v4/users/${encodeURIComponent(person)}/policies`
      const { body } = await port.ask({ method: 'GET', path })
      const policies = Array.isArray(body) ? body.filter(isRecord) : []
      const found = policies.find(({ isDefault }) => isDefault === true) ?? policies[0]
      if (typeof found?.policyId === 'string') return found.policyId
      throw badInput('policyId: name the policy; the person has none by default.')
    })
  },
}

export const places: Readonly<Record<string, Place>> = { userId, companyId, policyId }
