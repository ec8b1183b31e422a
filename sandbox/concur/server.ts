import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClock } from '../parts/clock.ts'
import { type Journal, noJournal, openJournal } from '../parts/journal.ts'
import { listen } from '../parts/listen.ts'
import { createAnswer } from './answer.ts'
import { createCalls } from './calls.ts'
import { createFaults } from './faults.ts'
import { newUuid } from './ids.ts'
import { createFiles } from './images/files.ts'
import { createLimits } from './limits.ts'
import { createMail } from './mail.ts'
import { createKeys } from './oauth/jwt.ts'
import { createTickets } from './oauth/tickets.ts'
import { secondCompanyReports } from './second-company.ts'
import { createSeed } from './seed.ts'
import { createState, type Event, type State } from './state.ts'

/**
 * The vendor's side: a stateful stand-in for SAP Concur that runs alone and imports nothing of the
 * product. Listens on 127.0.0.1 only.
 */
export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port?: number
  /** How many seeded reports; default 10,000. */
  readonly reports?: number
  /** The state file; without it everything is forgotten at the end. */
  readonly stateFile?: string
  /** Life of an access token; default 3600. */
  readonly tokenSeconds?: number
  /** Another number, other data. */
  readonly seed?: number
}

export interface RunningSandbox {
  readonly port: number
  /** Such as `http://127.0.0.1:8081`. */
  readonly url: string
  /** May be called twice. */
  close(): Promise<void>
}

const defaultSeed = 4711

interface Store {
  readonly state: State
  open(file: string | undefined): void
  close(): void
}

const createStore = (): Store => {
  let journal: Journal<Event> = noJournal()
  const state = createState((event) => {
    journal.append(event)
  })
  return {
    state,
    open: (file) => {
      if (file !== undefined) journal = openJournal<Event>(file, state.apply, state.live)
    },
    close: () => {
      journal.close()
    },
  }
}

/**
 * Starts the sandbox and returns when it listens.
 * Throws the system's error when the port is busy (`EADDRINUSE`) or the state file cannot be used.
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<RunningSandbox> => {
  const clock = createClock()
  const store = createStore()
  const { state } = store
  const rows = { reports: options.reports ?? 10_000, seed: options.seed ?? defaultSeed }
  const seed = createSeed(rows)
  const files = createFiles(options.stateFile === undefined ? undefined : `${options.stateFile}.files`)
  let port = options.port ?? 0
  const keys = createKeys(state)
  const answer = createAnswer(
    {
      ...{ clock, state, seed, keys, faults: createFaults(state), calls: createCalls() },
      ...{ tickets: createTickets(clock.now), legacyTickets: createTickets(clock.now) },
      ...{ mail: createMail(), tokenSeconds: options.tokenSeconds ?? 3600, files, limits: createLimits() },
    },
    () => port,
  )
  const server = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => {
    void answer(request, response)
  })
  server.on('clientError', (_, socket) => {
    if (socket.writable)
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\nconcur-correlationid: ${newUuid()}\r\ncontent-length: 0\r\n\r\n`,
      )
    else socket.destroy()
  })
  await listen(server, port, () => {
    for (const event of secondCompanyReports(rows)) state.apply(event)
    store.open(options.stateFile)
    clock.move(state.memory.offsetSeconds)
    state.forgetExpired(clock.now())
  })
  port = (server.address() as AddressInfo).port
  let closing: Promise<void> | undefined
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => {
          store.close()
          files.close()
          resolve()
        })
        server.closeAllConnections()
      })
      return closing
    },
  }
}
