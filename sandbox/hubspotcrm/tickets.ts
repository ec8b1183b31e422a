import { randomUUID } from 'node:crypto'

/** What a consent page was asked for. */
export interface AuthorizeRequest {
  readonly client: string
  readonly redirectUri: string
  readonly scope: string
  readonly state: string | null
}

interface Ticket {
  readonly login: string
  readonly request: AuthorizeRequest
}

/** A login between its two pages; a ticket works once. */
export const createTickets = () => {
  const open = new Map<string, Ticket>()
  return {
    issue: (login: string, request: AuthorizeRequest): string => {
      const name = randomUUID()
      open.set(name, { login, request })
      return name
    },
    take: (name: string): Ticket | undefined => {
      const ticket = open.get(name)
      open.delete(name)
      return ticket
    },
  }
}

export type Tickets = ReturnType<typeof createTickets>
