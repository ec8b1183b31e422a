import type { Element, Principal, Resource, Site } from '#src/element/index.ts'
import type { Later } from '#src/lib/later.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { Outbound, OutboundReply, SentCall } from '#src/outbound/index.ts'
import type { Budgets } from './budgets.ts'
import type { Memory } from './memory.ts'
import type { Owners } from './owners.ts'
import type { PageTokenKeys } from './page-token.ts'
import type { Signable } from './sign.ts'

/** A user's grant first, where the vendor documents both. */
export const eitherPrincipal: readonly Principal[] = ['user', 'company']

/** A token as a call uses it. `version` tells two tokens of one grant apart. */
export interface Access {
  /** The value of the Authorization header: scheme and token; empty: none signs. */
  readonly authorization: string
  /** The token alone, for calls that put it elsewhere; absent: there is none. */
  readonly token?: string
  /** Gives the value of the Authorization header, where it differs from call to call. */
  readonly sign?: (call: Signable) => string
  /** What it signs with, where no name of a header or a parameter tells that it is a secret. */
  readonly secrets?: readonly string[]
  /** The API's base URL for this connection, without a trailing slash. */
  readonly baseUrl: string
  readonly version: number
  /** Whether this process asked the vendor for it; else it was read from storage, and may have ended long ago. */
  readonly isAsked: boolean
}

/** What a vendor refused with a status that may be about the token. */
export interface TokenRefusal {
  /** Two requests with the same target need the same permission. */
  readonly target: string
  readonly status: number
}

/** Where the engine takes tokens from; who keeps them, and how they are renewed, is not its matter. */
export interface TokenSource {
  /**
   * A token that is not known to have ended, renewed first when it is due.
   * @throws AppError `needs-reconnect` when the grant cannot be renewed.
   */
  readonly current: () => Later<Access>
  /**
   * Another token, because the vendor refused this one; null when a new one would not help.
   * @throws AppError `needs-reconnect` when the grant cannot be renewed.
   */
  readonly renew: (refused: Access, refusal: TokenRefusal) => Promise<Access | null>
  /** A new token, `tried`, was refused for `target` too: it is not the token that is missing. */
  readonly uselessFor: (tried: Access, target: string) => void
  /** What a person does when the vendor refuses (401) what nothing can renew; undefined: it is renewed. */
  readonly remedy?: () => string | undefined
}

/** Notes of one hub call, for its headers and the request log. */
export interface CallNotes {
  readonly sent: (call: SentCall) => void
  /** The headers of each reply; absent: nobody looks at them. */
  readonly replied?: (headers: OutboundReply['headers']) => void
  /** `text` is for the caller, `shape` (without values) for the log. */
  readonly planned: (text: string, shape: string) => void
  /** The listing shows less than the vendor has, because of who is connected. */
  readonly narrowed: (to: 'own') => void
}

/** One customer's connection, opened for one hub call. */
export interface Connection {
  readonly element: Element
  readonly site: Site
  readonly organizationId: number
  readonly instanceId: number
  /** Binds page tokens to this connection. */
  readonly scope: string
  /** The tokens of the first of these principals that is connected, else of whoever is. */
  readonly tokensOf: (principals: readonly Principal[]) => TokenSource
  /** Whose tokens those are. */
  readonly principalOf: (principals: readonly Principal[]) => Principal
  /** The scopes of those tokens, as the vendor told them; none: it did not. */
  readonly scopesOf: (principals: readonly Principal[]) => readonly string[]
  /** Who granted, as the vendor calls them; undefined: not told, or no such grant. */
  readonly subjectOf: (principal: Principal) => string | undefined
  /** A value of the instance's configuration; a secret only where the element reads secrets. */
  readonly configured: (key: string) => string | undefined
  /** All that `configured` gives, by key. */
  readonly configuration: () => Readonly<Record<string, string>>
  /** Secrets that calls may carry anywhere, and that nobody is told; undefined: there are none. */
  readonly secrets?: readonly string[] | undefined
  /** Whose rows a listing shows that names nobody. */
  readonly ownersOf: (resource: Resource) => 'own' | 'all'
  readonly notes: CallNotes
  readonly signal: StopSignal
  /** When to give up, in milliseconds since 1970. */
  readonly deadlineMs: number
  /** Nobody waits for its answer. */
  readonly background?: boolean
  /** What it may cost in place of what a hub call may; absent: that. */
  readonly ownLimits?: OwnLimits
}

/** What reading a listing whole may cost where nobody waits for it. */
export interface OwnLimits extends Pick<Limits, 'maxCalls' | 'maxSeconds'> {
  /** Since when its seconds count, in milliseconds since 1970. */
  readonly startedAtMs: number
  /** So long may the next vendor call take, with its repetitions and with waiting for its turn. */
  readonly callSeconds: () => number
}

/** When to give up a vendor call that begins now, in milliseconds since 1970. */
export const callDeadlineMs = ({ deadlineMs, ownLimits }: Connection): number =>
  ownLimits === undefined ? deadlineMs : Math.min(deadlineMs, Date.now() + ownLimits.callSeconds() * 1_000)

/** Limits of one hub call. */
export interface Limits {
  readonly maxCalls: number
  readonly maxSeconds: number
  /** For one attempt of a vendor call. */
  readonly vendorSeconds: number
}

export interface EngineNeed {
  readonly owners: Owners
  readonly memory: Memory
  readonly outbound: Outbound
  readonly budgets: Budgets
  /** The first signs page tokens, each verifies them. */
  readonly pageTokenKeys: PageTokenKeys
  readonly limits: Limits
}
