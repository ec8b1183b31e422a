import { newUuid } from '../ids.ts'

/** What an application asks of a person at the authorize address. */
export interface AuthorizeRequest {
  readonly client: string
  readonly redirectUri: string
  readonly scope: string
  readonly state: string | null
  readonly challenge: string | null
}

interface Ticket {
  readonly login: string
  readonly request: AuthorizeRequest
  readonly expiresAt: number
}

/** Between the login page and the Allow button a person holds a one-time ticket; it needs no cookie. */
export interface Tickets {
  issue(login: string, request: AuthorizeRequest): string
  take(id: string): { readonly login: string; readonly request: AuthorizeRequest } | undefined
}

const lifeMs = 15 * 60_000
const most = 1000

export const createTickets = (now: () => number): Tickets => {
  const open = new Map<string, Ticket>()
  return {
    issue: (login, request) => {
      const oldest = open.keys().next()
      if (open.size >= most && oldest.done === false) open.delete(oldest.value)
      const id = newUuid()
      open.set(id, { login, request, expiresAt: now() + lifeMs })
      return id
    },
    take: (id) => {
      const ticket = open.get(id)
      open.delete(id)
      return ticket === undefined || ticket.expiresAt <= now() ? undefined : ticket
    },
  }
}
