import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../parts/clock.ts'
import type { Calls } from './calls.ts'
import type { DataCentre } from './data-centres.ts'
import type { Family } from './errors.ts'
import type { Faults } from './faults.ts'
import type { Files, Stored } from './images/files.ts'
import type { Limits } from './limits.ts'
import type { Mail } from './mail.ts'
import type { Keys } from './oauth/jwt.ts'
import type { Tickets } from './oauth/tickets.ts'
import type { Reply } from './reply.ts'
import type { Seed } from './seed.ts'
import type { Principal, State } from './state.ts'

/** The parts that operations work with; made once a server. */
export interface Sandbox {
  readonly clock: Clock
  readonly state: State
  readonly faults: Faults
  readonly calls: Calls
  readonly seed: Seed
  readonly keys: Keys
  readonly tickets: Tickets
  /** Those of the old framework's pages. */
  readonly legacyTickets: Tickets
  readonly mail: Mail
  readonly tokenSeconds: number
  readonly files: Files
  readonly limits: Limits
}

/** A body that was streamed to a file; it is thrown away after the call unless it is kept. */
export interface Upload extends Stored {
  keep(): void
}

/** One request, read and checked as far as its operation demands. */
export interface Ask {
  readonly method: string
  /** The one that was asked; for data also where its company lives. */
  readonly dataCentre: DataCentre
  readonly path: string
  readonly query: URLSearchParams
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** Empty for operations with an upload. */
  readonly body: Buffer
  readonly upload: Upload | null
  /** How the caller reached us, such as `http://127.0.0.1:8081`. */
  readonly origin: string
  /** The same with the data centre's prefix. */
  readonly baseUrl: string
  readonly operation: string
  /** Whose token it was; only operations with access `open` have none. */
  readonly principal: Principal | null
  /** The application that the token was given to. */
  readonly client: string
  /** The bearer token's scopes. */
  readonly scope: string
  /** Tells the call list which grant this was. */
  readonly noteGrant: (grant: string) => void
  /** Tells it which refresh token the reply holds. */
  readonly noteIssued: (refreshToken: string) => void
}

export interface Operation {
  readonly name: string
  /** The page of developer.concur.com that it follows; none for the sandbox's own. */
  readonly follows: string | null
  readonly method: string
  /** `{name}` stands for one segment. The old login framework's are matched without regard to case. */
  readonly path: string
  readonly family: Family
  /** `bearer` demands an access token that is alive; `open` demands nothing. */
  readonly access: 'open' | 'bearer'
  /** The body goes to a file, of at most so many bytes. */
  readonly uploadBytes?: number
  /** Replies then carry `x-api-warn` and `sunset`. `sunsetAt` in ms since 1970. */
  readonly deprecated?: { readonly warning: string; readonly sunsetAt: number }
  /** The token must hold a scope that matches. */
  readonly scope?: RegExp
  readonly run: (sandbox: Sandbox, ask: Ask) => Reply | Promise<Reply>
}
