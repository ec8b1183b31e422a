import type { DataCentre } from './data-centres.ts'
import type { Fault } from './fault-list.ts'
import { createMemory, forgetReport, type Memory, revoke, touch } from './memory.ts'
import type { Entry, Report } from './records.ts'

/** Everything that changed since the seed: rows, grants, tokens, clock, faults. */

/** Follows: developer.concur.com, Authentication: three kinds of principal. Verified: 2026-08 */
export type Principal =
  | { readonly kind: 'user'; readonly login: string }
  /** Without `home`: the company in `us2`. */
  | { readonly kind: 'company'; readonly home?: DataCentre }
  | { readonly kind: 'app' }

/** An authorization code; it is kept by its SHA-256, like every secret here. */
export interface Code {
  readonly login: string
  readonly redirectUri: string
  readonly scope: string
  readonly challenge: string | null
  readonly expiresAt: number
  /** The application it was given to; absent for the first one, as in every record here. */
  readonly client?: string
}
export interface Token {
  readonly principal: Principal
  readonly scope: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly client?: string
}
/** A request token of a company, or of a person by the App Center. */
export interface RequestToken {
  readonly expiresAt: number
  readonly client?: string
  readonly principal?: Principal
}
/** A token of the old framework; its refresh token never expires, so it stays when it is past its year. */
export interface LegacyToken extends Token {
  readonly principal: { readonly kind: 'user'; readonly login: string }
  readonly refreshHash: string
}
/** A one-time password that was mailed: `facts` are the sender's own parameters. */
export interface OneTimePassword {
  readonly handle: string
  readonly hash: string
  readonly facts: string
  readonly expiresAt: number
}

export type Event =
  | { readonly kind: 'clock'; readonly addSeconds: number }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'key'; readonly pem: string }
  | { readonly kind: 'code'; readonly hash: string; readonly code: Code }
  | { readonly kind: 'code-used'; readonly hash: string }
  | ({ readonly kind: 'request-token'; readonly hash: string } & RequestToken)
  | { readonly kind: 'refresh'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'refresh-dropped'; readonly hash: string }
  | { readonly kind: 'access'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'legacy-code'; readonly hash: string; readonly code: Code }
  | { readonly kind: 'legacy-code-used'; readonly hash: string }
  | { readonly kind: 'legacy'; readonly hash: string; readonly token: LegacyToken }
  | { readonly kind: 'legacy-dropped'; readonly hash: string }
  | { readonly kind: 'otp'; readonly id: string; readonly otp: OneTimePassword }
  | { readonly kind: 'otp-used'; readonly id: string }
  /** Without `client`: all tokens of both frameworks, whichever application has them. */
  | { readonly kind: 'revoked'; readonly principal: Principal | null; readonly client?: string }
  | { readonly kind: 'legacy-revoked'; readonly principal: Principal; readonly client: string }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'entry-deleted'; readonly id: string; readonly reportId: string }
  | { readonly kind: 'report-deleted'; readonly id: string; readonly index: number | null }
  /** A row of one of the smaller tables; null says that it is gone. */
  | { readonly kind: 'row'; readonly table: string; readonly id: string; readonly row: unknown }

export type State = ReturnType<typeof createState>

type Appliers = {
  readonly [Kind in Event['kind']]: (memory: Memory, event: Extract<Event, { kind: Kind }>) => void
}

const appliers: Appliers = {
  clock: (memory, event) => {
    memory.offsetSeconds += event.addSeconds
  },
  faults: (memory, event) => {
    memory.faults = event.faults
  },
  key: (memory, event) => {
    memory.keyPem = event.pem
  },
  code: (memory, event) => memory.codes.set(event.hash, event.code),
  'code-used': (memory, event) => memory.codes.delete(event.hash),
  'request-token': (memory, { kind: _, hash, ...token }) => memory.requestTokens.set(hash, token),
  refresh: (memory, event) => memory.refreshTokens.set(event.hash, event.token),
  'refresh-dropped': (memory, event) => memory.refreshTokens.delete(event.hash),
  access: (memory, event) => memory.accessTokens.set(event.hash, event.token),
  'legacy-code': (memory, event) => memory.legacyCodes.set(event.hash, event.code),
  'legacy-code-used': (memory, event) => memory.legacyCodes.delete(event.hash),
  legacy: (memory, event) => memory.legacyTokens.set(event.hash, event.token),
  'legacy-dropped': (memory, event) => memory.legacyTokens.delete(event.hash),
  otp: (memory, event) => memory.otps.set(event.id, event.otp),
  'otp-used': (memory, event) => memory.otps.delete(event.id),
  revoked: (memory, { principal, client }) => {
    revoke(memory.refreshTokens, principal, client)
    revoke(memory.accessTokens, principal, client)
    if (client === undefined) revoke(memory.legacyTokens, principal, client)
  },
  'legacy-revoked': (memory, { principal, client }) => revoke(memory.legacyTokens, principal, client),
  report: (memory, event) => {
    memory.reports.set(event.report.id, event.report)
    memory.reportVersion += 1
  },
  entry: (memory, event) => {
    memory.entries.set(event.entry.id, event.entry)
    touch(memory, event.entry.reportId, event.entry.id)
  },
  'entry-deleted': (memory, event) => {
    memory.entries.delete(event.id)
    memory.deletedEntries.set(event.id, event.reportId)
    touch(memory, event.reportId, event.id)
  },
  'report-deleted': (memory, event) => {
    forgetReport(memory, event.id)
    memory.deletedReports.set(event.id, event.index)
    memory.reportVersion += 1
  },
  row: (memory, event) => {
    const rows = memory.tables.get(event.table) ?? new Map<string, unknown>()
    rows.set(event.id, event.row)
    memory.tables.set(event.table, rows)
  },
}

const prune = <Item extends { readonly expiresAt: number }>(items: Map<string, Item>, now: number): void => {
  for (const [key, item] of items) if (item.expiresAt <= now) items.delete(key)
}

/** What a fresh state file would hold. */
const liveEvents = (memory: Memory): Event[] => {
  const each = <Item>(items: Map<string, Item>, write: (hash: string, item: Item) => Event): Event[] =>
    [...items].map(([hash, item]) => write(hash, item))
  return [
    { kind: 'clock', addSeconds: memory.offsetSeconds },
    { kind: 'faults', faults: memory.faults },
    ...(memory.keyPem === null ? [] : [{ kind: 'key', pem: memory.keyPem } as const]),
    ...each(memory.codes, (hash, code) => ({ kind: 'code', hash, code })),
    ...each(memory.requestTokens, (hash, token) => ({ kind: 'request-token', hash, ...token })),
    ...each(memory.refreshTokens, (hash, token) => ({ kind: 'refresh', hash, token })),
    ...each(memory.accessTokens, (hash, token) => ({ kind: 'access', hash, token })),
    ...each(memory.legacyCodes, (hash, code) => ({ kind: 'legacy-code', hash, code })),
    ...each(memory.legacyTokens, (hash, token) => ({ kind: 'legacy', hash, token })),
    ...each(memory.otps, (id, otp) => ({ kind: 'otp', id, otp })),
    ...each(memory.reports, (_, report) => ({ kind: 'report', report })),
    ...each(memory.entries, (_, entry) => ({ kind: 'entry', entry })),
    ...each(memory.deletedEntries, (id, reportId) => ({ kind: 'entry-deleted', id, reportId })),
    ...each(memory.deletedReports, (id, index) => ({ kind: 'report-deleted', id, index })),
    ...[...memory.tables].flatMap(([table, rows]) =>
      each(rows, (id, row) => ({ kind: 'row', table, id, row })),
    ),
  ]
}

/** `append` stores an event for good; it is called before the event takes effect. */
export const createState = (append: (event: Event) => void) => {
  const memory = createMemory()
  const apply = (event: Event): void => {
    const run = appliers[event.kind] as ((memory: Memory, event: Event) => void) | undefined
    // A file of a newer version may hold kinds this one does not know; they are left alone.
    run?.(memory, event)
  }
  return {
    memory: memory as Readonly<Memory>,
    apply,
    record: (event: Event): void => {
      append(event)
      apply(event)
    },
    /** Forgets codes, request tokens, one-time passwords and access tokens that are past their time. */
    forgetExpired: (now: number): void => {
      prune(memory.codes, now)
      prune(memory.legacyCodes, now)
      prune(memory.requestTokens, now)
      prune(memory.otps, now)
      prune(memory.accessTokens, now)
    },
    live: () => liveEvents(memory),
  }
}
