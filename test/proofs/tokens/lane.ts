import type { Connected, Running } from '../support/installation.ts'
import { openTokenInstallation, type TokenInstallation } from './installation.ts'

/** What becomes of refresh tokens at a renewal, in both login frameworks. */
export interface Mode {
  readonly title: string
  readonly faults: readonly object[]
  /** Whether a token dies in the moment in which the vendor gives the next. */
  readonly oldDies: boolean
}

const rotating = (value: 'keep-old' | 'kill-old') => [
  { fault: 'rotate-refresh', value },
  { fault: 'legacy-new-token', value },
]

export const modes: readonly Mode[] = [
  { title: 'the refresh token stays', faults: [], oldDies: false },
  { title: 'a new one each time, the old one stays good', faults: rotating('keep-old'), oldDies: false },
  { title: 'a new one each time, the old one dies', faults: rotating('kill-old'), oldDies: true },
]

const slowMs = 200
const tokenOperations = ['oauth.token', 'legacy.token'] as const

const slowed = (fault: 'slow' | 'slow-body') =>
  tokenOperations.map((operation) => ({ fault, operation, value: slowMs }))

/** Where time is spent: so that kills fall before, inside and after the vendor's work, and inside our commit. */
export interface Pace {
  readonly title: string
  readonly faults: readonly object[]
  /** How long the database takes to commit a grant; it does so for a process that is dead, too. */
  readonly commitMs: number
}

export const paces: readonly Pace[] = [
  { title: 'at once', faults: [], commitMs: 0 },
  { title: 'the vendor slow to begin', faults: slowed('slow'), commitMs: 0 },
  { title: 'the vendor slow to end', faults: slowed('slow-body'), commitMs: 0 },
  { title: 'the commit slow', faults: [], commitMs: slowMs },
]

const slowCommits = `create table slow_commits (seconds float8 not null);
  insert into slow_commits values (0);
  create function commit_slowly() returns trigger language plpgsql as
    $$ begin perform pg_sleep(seconds) from slow_commits; return null; end $$;
  create constraint trigger commit_slowly after insert or update of sealed on grants
    deferrable initially deferred for each row execute function commit_slowly()`

/** Tokens of the deprecated framework live a year: here an hour, as the others. */
const anHour = { fault: 'expire-tokens', operation: 'legacy.token', value: 3_600 }

/** Which processes there are while one is killed. */
export type Crew = 'alone' | 'beside' | 'worker'

/** One installation whose vendor is in one mode, with the processes and instances of its rounds. */
export interface Lane {
  readonly mode: Mode
  readonly installation: TokenInstallation
  /** A person's of each framework, and a company's. */
  readonly instances: Readonly<Record<Connected['login'], Connected>>
  readonly setPace: (pace: Pace) => Promise<void>
  /** The process that serves, and the one beside it. */
  readonly crew: (kind: Crew) => Promise<{ readonly main: Running; readonly other: Running | undefined }>
  /** Says that a process was killed; @returns one that serves: what is left, or a new start. */
  readonly next: (killed: Running) => Promise<Running>
  readonly close: () => Promise<void>
}

export const openLane = async (mode: Mode): Promise<Lane> => {
  const installation = await openTokenInstallation()
  await installation.db.query({ text: slowCommits, values: [] })
  let main: Running | undefined = installation.first
  let other: { readonly kind: Crew; readonly running: Running } | undefined
  const instances = {
    oauth2: await installation.connect(installation.first, 'oauth2', 'A person'),
    company: await installation.connect(installation.first, 'company', 'A company'),
    legacy: await installation.connect(installation.first, 'legacy', 'A person of old'),
  }
  return {
    mode,
    installation,
    instances,
    setPace: async ({ faults, commitMs }) => {
      await installation.vendor.setFaults([anHour, ...mode.faults, ...faults])
      await installation.db.query({
        text: 'update slow_commits set seconds = $1',
        values: [commitMs / 1_000],
      })
    },
    crew: async (kind) => {
      main ??= await installation.serve()
      if (other !== undefined && other.kind !== kind) {
        await other.running.stop()
        other = undefined
      }
      if (other === undefined && kind !== 'alone') {
        const running = kind === 'worker' ? await installation.work() : await installation.serve()
        other = { kind, running }
      }
      return { main, other: other?.running }
    },
    next: async (killed) => {
      if (other?.running === killed) other = undefined
      else if (other?.kind === 'beside') {
        main = other.running
        other = undefined
      } else main = undefined
      main ??= await installation.serve()
      return main
    },
    close: installation.close,
  }
}
