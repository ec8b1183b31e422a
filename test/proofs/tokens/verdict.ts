import { setTimeout as sleep } from 'node:timers/promises'
import { ask, platform } from '../../support/client.ts'
import type { Connected, Running } from '../support/installation.ts'
import { type Login, renewalGrant } from '../support/vendor.ts'
import type { StoredGrant, TokenInstallation } from './installation.ts'
import type { Lane } from './lane.ts'

/** From a restart, or from the kill where another process lives on. */
const withinMs = 30_000
const betweenMs = 50

/** What an instance says after a kill. */
export interface Comeback {
  readonly kind: 'works' | 'needs-reconnect' | 'neither'
  readonly afterMs: number
  /** Answers that were neither. */
  readonly failures: readonly string[]
  readonly message: string
}

/** Calls until the instance works or says that it must be connected again. */
export const comeback = async (
  { read }: Pick<TokenInstallation, 'read'>,
  at: Running,
  instance: Pick<Connected, 'token'>,
): Promise<Comeback> => {
  const startedAt = performance.now()
  const failures: string[] = []
  for (;;) {
    const { status, text, json } = await read(at, instance)
    const afterMs = Math.round(performance.now() - startedAt)
    const told = { afterMs, failures, message: String(json?.message ?? '') }
    if (status === 200 && afterMs <= withinMs) return { kind: 'works', ...told }
    if (json?.code === 'needs-reconnect') return { kind: 'needs-reconnect', ...told }
    failures.push(`${status} ${text.slice(0, 300)}`)
    if (afterMs > withinMs) return { kind: 'neither', ...told }
    await sleep(betweenMs)
  }
}

/** Connects an instance again, as its message says. @throws Error when that does not help. */
const reconnect = async ({ installation }: Lane, at: Running, instance: Connected): Promise<void> => {
  const { vendor, admin, read } = installation
  const body = await vendor.newInstance(instance.login, `Again ${instance.login}`)
  const changed = await ask(`${at.url}/instances/${instance.id}`, {
    method: 'PUT',
    headers: platform(admin),
    body,
  })
  const works = await read(at, instance)
  if (changed.status !== 200 || changed.json.token !== instance.token || works.status !== 200)
    throw new Error(`not connected again: ${changed.status} ${changed.text}; ${works.status} ${works.text}`)
}

/** An instance whose renewal was cut off. */
export interface Case {
  readonly instance: Connected
  readonly before: StoredGrant
}

/**
 * Whether an instance may say that it must be connected again: only where the vendor gave a token in whose moment
 * the old one died, and what is stored is still the old one.
 * @returns the name of the outcome. @throws Error that says what does not fit.
 */
const excuse = async (lane: Lane, at: Running, { instance, before }: Case, message: string) => {
  const { vendor, stored, admin } = lane.installation
  const granted = (await vendor.calls()).filter(
    ({ grant, status }) => grant === renewalGrant(instance.login) && status === 200,
  )
  const now = await stored(instance)
  const shown = await ask(`${at.url}/instances/${instance.id}`, { headers: platform(admin) })
  const [only] = granted
  const facts = `${granted.length} renewals granted, version ${before.version} before and ${now.version} now, valid ${shown.json.valid}: ${message}`
  const isLost = instance.login === 'legacy' || only?.issued !== now.refreshHash
  const fits =
    lane.mode.oldDies &&
    only !== undefined &&
    granted.length === 1 &&
    isLost &&
    now.version === before.version &&
    now.state === 'needs-reconnect' &&
    now.reason === message &&
    message.includes('was cut off before its reply could be stored') &&
    shown.json.valid === false
  if (!fits) throw new Error(`needs-reconnect without an excuse: ${facts}`)
  return only.sent ? 'needs-reconnect, reply sent' : 'needs-reconnect, reply not sent to its end'
}

/** @returns the name of the outcome. @throws Error that says why there must be no such outcome. */
export const judge = async (lane: Lane, at: Running, one: Case, back: Comeback): Promise<string> => {
  if (back.kind === 'works') return 'works'
  if (back.kind === 'neither') throw new Error(`neither works nor says why: ${back.failures.at(-1)}`)
  try {
    return await excuse(lane, at, one, back.message)
  } finally {
    await reconnect(lane, at, one.instance)
  }
}

/** A POST /instances that was cut off, or not. */
export interface Provisioning {
  readonly login: Login
  readonly name: string
  /** The answer's status; undefined when there was none. */
  readonly status: number | undefined
}

/**
 * What a provisioning left: nothing or an instance that works; then the same POST with a new code must succeed.
 * @returns the name of the outcome. @throws Error that says what is wrong.
 */
export const judgeProvisioning = async (
  { installation }: Lane,
  at: Running,
  { login, name, status }: Provisioning,
): Promise<string> => {
  const { db, admin, connect, read } = installation
  if (status !== undefined && status !== 200) throw new Error(`POST /instances answered ${status}`)
  const rows = await db.query<{ id: number }>({
    text: 'select instance_id as id from instances where name = $1',
    values: [name],
  })
  if (rows.length > 1 || (status === 200 && rows.length === 0))
    throw new Error(`${rows.length} instances of an answer ${status}`)
  for (const { id } of rows) {
    const shown = await ask(`${at.url}/instances/${id}`, { headers: platform(admin) })
    const back = await comeback(installation, at, { token: shown.json.token })
    if (back.kind !== 'works' || shown.json.valid !== true)
      throw new Error(`the instance that was made does not work: ${back.message} ${back.failures.at(-1)}`)
  }
  const again = await read(at, await connect(at, login, name))
  if (again.status !== 200) throw new Error(`the same POST with a new code works not: ${again.text}`)
  if (rows.length === 0) return 'no instance'
  return status === undefined ? 'an instance without an answer' : 'an instance and an answer'
}

/** Rows that belong to no instance. */
export const orphans = async ({ db }: TokenInstallation): Promise<number> => {
  const [row] = await db.query<{ count: number }>({
    text: `select (select count(*) from grants g where not exists
        (select 1 from instances i where i.instance_id = g.instance_id))
      + (select count(*) from directory d where kind = 'element' and not exists
        (select 1 from instances i where i.instance_id = d.subject_id))
      + (select count(*) from instances i where not exists
        (select 1 from grants g where i.instance_id = g.instance_id)) as count`,
    values: [],
  })
  return row?.count ?? -1
}
