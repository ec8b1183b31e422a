import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVault, parseEncryptionKeys, type Vault } from '#src/lib/secret.ts'
import { dueChannel } from '#src/queue/wake.ts'
import { sealContext } from '#src/services/instances/index.ts'
import type { Database } from '#src/store/index.ts'
import { ask, hub, platform } from '../../support/client.ts'
import { createTestDatabase } from '../../support/database.ts'
import type { Member } from '../../support/product.ts'
import {
  credentialsOf,
  interrupt,
  programEnvironment,
  removeData,
  startProgram,
} from '../../support/program.ts'
import { type Login, type Vendor, vendorAt } from './vendor.ts'

/** A process of the built program. */
export interface Running {
  readonly pid: number
  /** Where its API listens; a worker has none, and nothing listens at its address. */
  readonly url: string
  readonly port: number
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

/** A grant as the database has it. */
export interface StoredGrant {
  readonly version: number
  readonly state: 'ok' | 'needs-reconnect'
  readonly reason: string | null
  /** As the sandbox notes what it issued. */
  readonly refreshHash: string
}

const principalOf = (login: Login) => (login === 'company' ? 'company' : 'user')
const readyWords = { serve: 'Amalgam listens at', work: 'The worker runs.' } as const

/**
 * A port that was free a moment ago, below those that systems give to outgoing connections: thousands of these are
 * opened while a process starts.
 */
const quietPort = async (): Promise<number> => {
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

const vaultOf = async (environment: Readonly<Record<string, string>>): Promise<Vault> => {
  const text = await readFile(join(environment['DATA_DIR'] ?? '', 'encryption.key'), 'utf8')
  return createVault(parseEncryptionKeys(text.trim()))
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
 */
export const openInstallation = async (extra: Readonly<Record<string, string>> = {}) => {
  const database = await createTestDatabase()
  const db = await database.open()
  const environment = await programEnvironment({ SANDBOX_PORT: String(await quietPort()), ...extra })
  const sandbox = startProgram(environment, ['sandbox'], { readyWords: 'The sandbox of' })
  await sandbox.ready
  const vendor: Vendor = vendorAt(Number(environment['SANDBOX_PORT']))
  const living = new Set<Running>()
  let started = 0

  const start = async (what: 'serve' | 'work'): Promise<Running> => {
    started += 1
    const application = `${what}-${started}`
    const url = new URL(database.url)
    url.searchParams.set('application_name', application)
    const port = await quietPort()
    const program = startProgram({ ...environment, PORT: String(port), DATABASE_URL: url.href }, [what], {
      readyWords: readyWords[what],
    })
    const running: Running = {
      pid: program.child.pid ?? 0,
      url: `http://127.0.0.1:${port}/elements/api-v2`,
      port,
      kill: async () => {
        living.delete(running)
        program.child.kill('SIGKILL')
        await program.ended
        await untilGone(db, application)
      },
      stop: async () => {
        living.delete(running)
        const { code, signal, stderr } = await interrupt(program)
        if (code !== 0 || stderr !== '') throw new Error(`${what} ended with ${code ?? signal}: ${stderr}`)
      },
    }
    await program.ready
    living.add(running)
    return running
  }

  const first = await start('serve')
  const [vault, admin] = [await vaultOf(environment), await memberOf(environment)]

  return {
    db,
    vendor,
    admin,
    /** The process that it was made by. */
    first,
    serve: () => start('serve'),
    work: () => start('work'),
    connect: async (at: Running, login: Login, name: string): Promise<Connected> => {
      const body = await vendor.newInstance(login, name)
      const made = await ask(`${at.url}/instances`, { headers: platform(admin), body })
      if (made.status !== 200) throw new Error(`POST /instances answered ${made.status}: ${made.text}`)
      return { id: made.json.id, token: made.json.token, login }
    },
    /** One hub call on an instance. */
    read: (at: Running, { token }: Pick<Connected, 'token'>) =>
      ask(`${at.url}/hubs/expense/reports`, { headers: hub(admin, token), query: { pageSize: '1' } }),
    stored: async ({ id, login }: Connected): Promise<StoredGrant> => {
      const [row] = await db.query<{
        organization: number
        sealed: Buffer
        version: number
        state: StoredGrant['state']
        reason: string | null
      }>({
        text: `select organization_id as organization, sealed, version, state, reason from grants
          where instance_id = $1 and principal = $2`,
        values: [id, principalOf(login)],
      })
      if (row === undefined) throw new Error(`instance ${id} has no grant`)
      const context = sealContext(`grant-${principalOf(login)}`, row.organization, id)
      const { refreshToken } = JSON.parse(vault.open(row.sealed, context)) as { refreshToken: string }
      const { version, state, reason } = row
      const refreshHash = createHash('sha256').update(refreshToken).digest('hex').slice(0, 16)
      return { version, state, reason, refreshHash }
    },
    /** The row looks as it does an hour later: ended, used since, due. */
    anHourPassesFor: (id: number) =>
      db.query({
        text: `update grants set expires_at = now() - interval '1 minute', due_at = now() - interval '1 minute',
            renewed_at = now() - interval '61 minutes', used_at = now() - interval '30 minutes'
          where instance_id = $1`,
        values: [id],
      }),
    /** Says that grants are due. */
    wakeWorkers: () => db.query({ text: 'select pg_notify($1, $2)', values: [dueChannel, 'grants'] }),
    close: async (): Promise<void> => {
      for (const running of [...living]) await running.stop()
      await interrupt(sandbox)
      await db.close()
      await database.drop()
      await removeData(environment)
    },
  }
}
