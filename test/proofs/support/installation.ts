import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#src/store/index.ts'
import { ask, platform } from '../../support/client.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import type { Member } from '../../support/product.ts'
import {
  credentialsOf,
  type Ended,
  interrupt,
  programEnvironment,
  removeData,
  startProgram,
} from '../../support/program.ts'
import { type Login, type Vendor, vendorAt } from './vendor.ts'

/** Which part of the product a process is: the API, or the worker. */
export type Part = 'serve' | 'work'

/** A process of the built program. */
export interface Running {
  readonly pid: number
  /** Where its API listens; a worker has none, and nothing listens at its address. */
  readonly url: string
  readonly port: number
  /** As the database knows its connections. */
  readonly application: string
  /** Resolves when it works; rejects when it ends before. */
  readonly ready: Promise<string>
  readonly ended: Promise<Ended>
  /** kill -9; resolves when it has ended. Its connections may still be there. */
  readonly end: () => Promise<void>
  /** kill -9; resolves when it has ended and the database has seen its connections go. */
  readonly kill: () => Promise<void>
  /** As Ctrl-C; @throws Error when it does not end well. */
  readonly stop: () => Promise<void>
}

/** An instance of the installation. */
export interface Connected {
  readonly id: number
  readonly token: string
  readonly login: Login
}

const readyWords = { serve: 'Amalgam listens at', work: 'The worker runs.' } as const

/**
 * A port that was free a moment ago, below those that systems give to outgoing connections: thousands of these are
 * opened while a process starts.
 */
export const quietPort = async (): Promise<number> => {
  const port = randomInt(20_000, 32_000)
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return quietPort()
  }
  server.close()
  await once(server, 'close')
  return port
}

const memberOf = async (environment: Readonly<Record<string, string>>): Promise<Member> => {
  const words = await credentialsOf(environment)
  return {
    email: words['AMALGAM_EMAIL'] ?? '',
    password: words['AMALGAM_PASSWORD'] ?? '',
    user: words['AMALGAM_USER'] ?? '',
    organization: words['AMALGAM_ORGANIZATION'] ?? '',
  }
}

const untilGone = async (db: Database, application: string): Promise<void> => {
  for (const giveUpAt = Date.now() + 30_000; ; await sleep(5)) {
    const left = await db.query({
      text: 'select 1 from pg_stat_activity where datname = current_database() and application_name = $1',
      values: [application],
    })
    if (left.length === 0) return
    if (Date.now() > giveUpAt) throw new Error(`the database still has connections of ${application}`)
  }
}

export type Installation = Awaited<ReturnType<typeof openInstallation>>

/**
 * One PostgreSQL database, one sandbox that is a program of its own, one data folder, and as many processes of
 * the built program as are asked for. @param extra environment of every process.
 * @param given the database, dropped in the end; else one of the server that all tests share.
 */
export const openInstallation = async (
  extra: Readonly<Record<string, string>> = {},
  given?: TestDatabase,
) => {
  const database = given ?? (await createTestDatabase())
  const db = await database.open()
  const environment = await programEnvironment({ SANDBOX_PORT: String(await quietPort()), ...extra })
  const sandbox = startProgram(environment, ['sandbox'], { readyWords: 'The sandbox of' })
  await sandbox.ready
  const vendor: Vendor = vendorAt(Number(environment['SANDBOX_PORT']))
  const living = new Set<Running>()
  let started = 0

  /** Starts a process and does not wait for it. */
  const launch = (what: Part, port: number): Running => {
    started += 1
    const application = `${what}-${started}`
    const url = new URL(database.url)
    url.searchParams.set('application_name', application)
    const program = startProgram({ ...environment, PORT: String(port), DATABASE_URL: url.href }, [what], {
      readyWords: readyWords[what],
    })
    const { ready, ended } = program
    const end = async (): Promise<void> => {
      living.delete(running)
      program.child.kill('SIGKILL')
      await ended
    }
    const running: Running = {
      pid: program.child.pid ?? 0,
      url: `http://127.0.0.1:${port}/elements/api-v2`,
      ...{ port, application, ready, ended, end },
      kill: async () => {
        await end()
        await untilGone(db, application)
      },
      stop: async () => {
        living.delete(running)
        const { code, signal, stderr } = await interrupt(program)
        if (code !== 0 || stderr !== '') throw new Error(`${what} ended with ${code ?? signal}: ${stderr}`)
      },
    }
    living.add(running)
    void ended.then(() => living.delete(running))
    return running
  }
  const start = async (what: Part): Promise<Running> => {
    const running = launch(what, await quietPort())
    await running.ready
    return running
  }

  const first = await start('serve')
  const admin = await memberOf(environment)

  return {
    db,
    environment,
    vendor,
    admin,
    /** The process that it was made by. */
    first,
    launch,
    serve: () => start('serve'),
    work: () => start('work'),
    /** @param more configuration of the instance. */
    connect: async (
      at: Running,
      login: Login,
      name: string,
      more: Readonly<Record<string, unknown>> = {},
    ): Promise<Connected> => {
      const body = await vendor.newInstance(login, name)
      const made = await ask(`${at.url}/instances`, {
        headers: platform(admin),
        body: { ...body, configuration: { ...body.configuration, ...more } },
      })
      if (made.status !== 200) throw new Error(`POST /instances answered ${made.status}: ${made.text}`)
      return { id: made.json.id, token: made.json.token, login }
    },
    close: async (): Promise<void> => {
      for (const running of [...living]) await running.stop()
      await interrupt(sandbox)
      await db.close()
      await database.drop()
      await removeData(environment)
    },
  }
}
