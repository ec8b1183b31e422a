import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../parts/clock.ts'
import { invalid } from './errors.ts'
import type { State } from './state.ts'
import type { Tickets } from './tickets.ts'

/** Everything that operations work with. */
export interface Sandbox {
  readonly clock: Clock
  readonly state: State
  readonly tickets: Tickets
  readonly tokenSeconds: number
  /** Results of one search at most. */
  readonly mostFound: number
}

export interface Ask {
  readonly query: URLSearchParams
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Written as JSON. */
  readonly body?: unknown
  /** A finished page, for people. */
  readonly html?: string
}

export interface Operation {
  /** By which faults and counts name it. */
  readonly name: string
  readonly method: string
  /** Names in braces stand for one segment. */
  readonly path: string
  /** `page`: for people and tests, without faults and counts. `open`: no token. Else the token's scope. */
  readonly access: 'page' | 'open' | 'token'
  readonly run: (sandbox: Sandbox, ask: Ask) => Reply
}

/** A JSON object from the body. Throws `Refused` 400. */
export const objectIn = ({ body }: Ask): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw invalid('Invalid input JSON on line 1, column 1: the body is no JSON')
  }
  if (isObject(value)) return value
  throw invalid('Invalid input JSON: an object is expected')
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
