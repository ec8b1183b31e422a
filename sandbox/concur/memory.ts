import type { Fault } from './fault-list.ts'
import { clientOf } from './oauth/app.ts'
import type { Entry, Report } from './records.ts'
import type { Code, LegacyToken, OneTimePassword, Principal, RequestToken, Token } from './state.ts'

/** What the state holds between two events. Tokens, codes and passwords lie under their SHA-256. */
export const createMemory = () => ({
  offsetSeconds: 0,
  faults: [] as readonly Fault[],
  keyPem: null as string | null,
  codes: new Map<string, Code>(),
  requestTokens: new Map<string, RequestToken>(),
  refreshTokens: new Map<string, Token>(),
  accessTokens: new Map<string, Token>(),
  legacyCodes: new Map<string, Code>(),
  legacyTokens: new Map<string, LegacyToken>(),
  otps: new Map<string, OneTimePassword>(),
  reports: new Map<string, Report>(),
  entries: new Map<string, Entry>(),
  deletedEntries: new Map<string, string>(),
  /** Reports of which an entry was created, changed or deleted: their ids of entries in the overlay. */
  touched: new Map<string, Set<string>>(),
  /** With their place in the seed; null for those of callers. */
  deletedReports: new Map<string, number | null>(),
  /** The smaller tables: what callers made of them, by table and id; null for what is gone. */
  tables: new Map<string, Map<string, unknown>>(),
  /** Goes up with every change of a report, so that a sorted copy knows when it is stale. */
  reportVersion: 0,
})
export type Memory = ReturnType<typeof createMemory>

export const touch = (memory: Memory, reportId: string, entryId: string): void => {
  const ids = memory.touched.get(reportId) ?? new Set()
  ids.add(entryId)
  memory.touched.set(reportId, ids)
}

/** A deleted report takes its expenses along. */
export const forgetReport = (memory: Memory, id: string): void => {
  for (const entryId of memory.touched.get(id) ?? []) {
    memory.entries.delete(entryId)
    memory.deletedEntries.set(entryId, id)
  }
  memory.touched.delete(id)
  memory.reports.delete(id)
}

const samePrincipal = (one: Principal, other: Principal): boolean => {
  if (one.kind === 'user' && other.kind === 'user') return one.login === other.login
  if (one.kind === 'company' && other.kind === 'company') return (one.home ?? 'us2') === (other.home ?? 'us2')
  return one.kind === other.kind
}

/** Drops the tokens of one principal (null: of everybody), of one application or of all. */
export const revoke = (
  tokens: Map<string, Token>,
  principal: Principal | null,
  client: string | undefined,
): void => {
  for (const [hash, token] of tokens) {
    const theirs = principal === null || samePrincipal(token.principal, principal)
    if (theirs && (client === undefined || clientOf(token) === client)) tokens.delete(hash)
  }
}
