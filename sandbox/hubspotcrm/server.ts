import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClock } from '../parts/clock.ts'
import { type Journal, noJournal, openJournal } from '../parts/journal.ts'
import { listen } from '../parts/listen.ts'
import type { Listening } from '../parts/program.ts'
import { createAnswer } from './answer.ts'
import { authorizeOperations } from './authorize.ts'
import { createCalls } from './calls.ts'
import { controlOperations } from './control.ts'
import { objectOperations } from './objects.ts'
import type { Sandbox } from './operation.ts'
import { searchOperation } from './search.ts'
import { seededCompanies, seededContacts } from './seed.ts'
import { createState, type Event } from './state.ts'
import { createTickets } from './tickets.ts'
import { tokenOperation } from './token.ts'

/**
 * The vendor's side: a stateful stand-in for one HubSpot account that runs alone and imports nothing of the product.
 * Listens on 127.0.0.1 only.
 */
export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port?: number
  /** How many seeded contacts; default 2,000, and a company for each ten of them. */
  readonly contacts?: number
  /** The state file; without it everything is forgotten at the end. */
  readonly stateFile?: string
  /** Life of an access token; default 1800. */
  readonly tokenSeconds?: number
  /** Results of one search at most; default 10,000, as HubSpot has it. */
  readonly mostFound?: number
}

/**
 * Starts the sandbox and returns when it listens.
 * Throws the system's error when the port is busy (`EADDRINUSE`) or the state file cannot be used.
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Listening> => {
  let journal: Journal<Event> = noJournal()
  const clock = createClock()
  const state = createState((event) => journal.append(event))
  const { contacts = 2_000, tokenSeconds = 1_800, mostFound = 10_000, stateFile } = options
  state.seed('companies', seededCompanies(Math.ceil(contacts / 10)))
  state.seed('contacts', seededContacts(contacts))
  const sandbox: Sandbox = { clock, state, tickets: createTickets(), tokenSeconds, mostFound }
  const calls = createCalls()
  const answer = createAnswer(
    sandbox,
    [
      ...authorizeOperations,
      tokenOperation,
      searchOperation,
      ...objectOperations,
      ...controlOperations(calls),
    ],
    calls,
  )
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await listen(server, options.port ?? 0, () => {
    if (stateFile !== undefined) journal = openJournal<Event>(stateFile, state.apply, state.live)
    clock.move(state.memory.offsetSeconds)
  })
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => {
          journal.close()
          resolve()
        })
        server.closeAllConnections()
      })
      return closing
    },
  }
}
