import type { Fault } from './fault-list.ts'
import type { Entry, Report } from './records.ts'

/** Everything that changed since the seed: rows, grants, tokens, clock, faults. */

/** Follows: developer.concur.com, Authentication: three kinds of principal. Verified: 2026-08 */
export type Principal =
  | { readonly kind: 'user'; readonly login: string }
  | { readonly kind: 'company' }
  | { readonly kind: 'app' }

/** An authorization code; it is kept by its SHA-256, like every secret here. */
export interface Code {
  readonly login: string
  readonly redirectUri: string
  readonly scope: string
  readonly challenge: string | null
  readonly expiresAt: number
}
export interface Token {
  readonly principal: Principal
  readonly scope: string
  readonly issuedAt: number
  readonly expiresAt: number
}

export type Event =
  | { readonly kind: 'clock'; readonly addSeconds: number }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'key'; readonly pem: string }
  | { readonly kind: 'code'; readonly hash: string; readonly code: Code }
  | { readonly kind: 'code-used'; readonly hash: string }
  | { readonly kind: 'request-token'; readonly hash: string; readonly expiresAt: number }
  | { readonly kind: 'refresh'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'refresh-dropped'; readonly hash: string }
  | { readonly kind: 'access'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'revoked'; readonly principal: Principal | null }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'entry-deleted'; readonly id: string; readonly reportId: string }

export type State = ReturnType<typeof createState>

const samePrincipal = (one: Principal, other: Principal): boolean =>
  one.kind === other.kind && (one.kind !== 'user' || other.kind !== 'user' || one.login === other.login)

const createMemory = () => ({
  offsetSeconds: 0,
  faults: [] as readonly Fault[],
  keyPem: null as string | null,
  codes: new Map<string, Code>(),
  requestTokens: new Map<string, number>(),
  refreshTokens: new Map<string, Token>(),
  accessTokens: new Map<string, Token>(),
  reports: new Map<string, Report>(),
  entries: new Map<string, Entry>(),
  deletedEntries: new Map<string, string>(),
  /** Reports of which an entry was created, changed or deleted: their ids of entries in the overlay. */
  touched: new Map<string, Set<string>>(),
  /** Goes up with every change of a report, so that a sorted copy knows when it is stale. */
  reportVersion: 0,
})
type Memory = ReturnType<typeof createMemory>

const touch = (memory: Memory, reportId: string, entryId: string): void => {
  const ids = memory.touched.get(reportId) ?? new Set()
  ids.add(entryId)
  memory.touched.set(reportId, ids)
}

const revoke = (tokens: Map<string, Token>, principal: Principal | null): void => {
  for (const [hash, token] of tokens) {
    if (principal === null || samePrincipal(token.principal, principal)) tokens.delete(hash)
  }
}

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
  'request-token': (memory, event) => memory.requestTokens.set(event.hash, event.expiresAt),
  refresh: (memory, event) => memory.refreshTokens.set(event.hash, event.token),
  'refresh-dropped': (memory, event) => memory.refreshTokens.delete(event.hash),
  access: (memory, event) => memory.accessTokens.set(event.hash, event.token),
  revoked: (memory, event) => {
    revoke(memory.refreshTokens, event.principal)
    revoke(memory.accessTokens, event.principal)
  },
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
}

const prune = <Item extends { readonly expiresAt: number }>(items: Map<string, Item>, now: number): void => {
  for (const [key, item] of items) if (item.expiresAt <= now) items.delete(key)
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
    /** Forgets codes and access tokens that are past their time; they need no line in the file. */
    forgetExpired: (now: number): void => {
      prune(memory.codes, now)
      prune(memory.accessTokens, now)
    },
    /** What a fresh state file would hold. */
    live: (): Event[] => [
      { kind: 'clock', addSeconds: memory.offsetSeconds },
      { kind: 'faults', faults: memory.faults },
      ...(memory.keyPem === null ? [] : [{ kind: 'key', pem: memory.keyPem } as const]),
      ...[...memory.codes].map(([hash, code]) => ({ kind: 'code', hash, code }) as const),
      ...[...memory.requestTokens].map(
        ([hash, expiresAt]) => ({ kind: 'request-token', hash, expiresAt }) as const,
      ),
      ...[...memory.refreshTokens].map(([hash, token]) => ({ kind: 'refresh', hash, token }) as const),
      ...[...memory.accessTokens].map(([hash, token]) => ({ kind: 'access', hash, token }) as const),
      ...[...memory.reports.values()].map((report) => ({ kind: 'report', report }) as const),
      ...[...memory.entries.values()].map((entry) => ({ kind: 'entry', entry }) as const),
      ...[...memory.deletedEntries].map(
        ([id, reportId]) => ({ kind: 'entry-deleted', id, reportId }) as const,
      ),
    ],
  }
}
