import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { createVault, parseEncryptionKeys } from '#src/lib/secret.ts'
import type { Database } from '#src/store/index.ts'
import { ask } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { keyIdsIn, keyText } from '../support/keys.ts'
import {
  credentialsOf,
  type Ended,
  interrupt,
  programEnvironment,
  removeAllData,
  removeData,
  startProgram,
} from '../support/program.ts'

type Environment = Readonly<Record<string, string>>

afterAll(removeAllData)

const run = (environment: Environment, ...args: readonly string[]): Promise<Ended> =>
  startProgram(environment, ['keys', ...args]).ended

const good = async (environment: Environment, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(environment, ...args)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout
}

const refused = async (environment: Environment, ...args: readonly string[]): Promise<string> => {
  const { code, stderr } = await run(environment, ...args)
  expect(code).toBe(1)
  expect(stderr).not.toMatch(/ at .*:\d+/)
  return stderr
}

describe('the key file', () => {
  it('takes a new key, lets the old one go when nothing needs it, and the program works on', async () => {
    const environment = await programEnvironment()
    const path = join(environment['DATA_DIR'] ?? '', 'encryption.key')
    const keysIn = async () => parseEncryptionKeys((await readFile(path, 'utf8')).trim())
    let program = startProgram(environment)
    await program.ready
    const [old] = await keysIn()
    if (old === undefined) throw new Error('no key')

    expect(await good(environment, 'add')).toMatch(/new first key '.*'.*Restart.*keys rotate/)
    const [first, second] = await keysIn()
    expect(second).toEqual(old)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await interrupt(program)).code).toBe(0)
    program = startProgram(environment)
    await program.ready

    expect(await good(environment, 'status')).toMatch(new RegExp(`${old.id} .*needed by .*grants 2`))
    expect(await refused(environment, 'remove', old.id)).toMatch(/still needed by .*Run amalgam keys rotate/)
    expect(await refused(environment, 'remove', first?.id ?? '')).toMatch(/is the first key/)
    expect(await refused(environment, 'remove', 'k0')).toMatch(/no key 'k0' here/)
    expect(await keysIn()).toHaveLength(2)
    // While the program serves.
    const rotated = await good(environment, 'rotate')
    expect(rotated).toContain(`everything is sealed with '${first?.id}'`)
    expect(rotated).toContain(`No longer needed: ${old.id}.`)
    expect(await good(environment, 'status')).toMatch(new RegExp(`${old.id} +0 +not needed any more`))
    expect(await good(environment, 'remove', old.id)).toContain('Keep the key as long as you keep backups')
    expect(await keysIn()).toEqual([first])

    expect((await interrupt(program)).code).toBe(0)
    program = startProgram(environment)
    await program.ready
    const secrets = await credentialsOf(environment)
    const reply = await ask(`${secrets['AMALGAM_URL']}/elements/api-v2/hubs/expense/reports?pageSize=1`, {
      headers: { authorization: `User ${secrets['AMALGAM_USER']}, Element ${secrets['AMALGAM_ELEMENT']}` },
    })
    expect(reply.status, reply.text).toBe(200)
    expect((await interrupt(program)).code).toBe(0)

    const lost = await readFile(path)
    await rm(path)
    const without = await startProgram(environment).ended
    expect(without.stderr).toMatch(/encryption\.key is missing.*grants 2.*Restore/)
    await writeFile(path, lost, { mode: 0o600 })
    await removeData(environment)
  }, 300_000)
})

describe('ENCRYPTION_KEYS', () => {
  const [k1, k2] = [keyText('k1'), keyText('k2')]

  /** A database with one organization and many copies of its users' secrets, all sealed with the first key. */
  const filled = async (users: number): Promise<{ environment: Environment; db: Database }> => {
    const { url, open } = await createTestDatabase()
    const environment = await programEnvironment({
      DATABASE_URL: url,
      ENCRYPTION_KEYS: k1,
      SANDBOX: 'off',
    })
    const made = startProgram(environment, ['organization', 'add', 'Southwind', 'boss@southwind.example'])
    expect((await made.ended).code).toBe(0)
    const db = await open()
    const vault = createVault(parseEncryptionKeys(k1))
    const ids = Array.from({ length: users }, (_, at) => at + 1_000)
    await db.query({
      text: `insert into users (organization_id, user_id, account_id, email, first_name, last_name, secret_sealed)
        select 2, id, 2, id || '@southwind.example', 'A', 'B', sealed from unnest($1::bigint[], $2::bytea[]) as g(id, sealed)`,
      values: [ids, ids.map((id) => vault.seal(`secret ${id}`, `user/2/${id}/secret`))],
    })
    return { environment, db }
  }

  const openAll = async (db: Database, keys: string): Promise<number> => {
    const vault = createVault(parseEncryptionKeys(keys))
    const rows = await db.query<{ id: number; sealed: Buffer }>({
      text: 'select user_id as id, secret_sealed as sealed from users where user_id >= 1000',
      values: [],
    })
    for (const { id, sealed } of rows) expect(vault.open(sealed, `user/2/${id}/secret`)).toBe(`secret ${id}`)
    return rows.length
  }

  it('says what to do for a new key, which value needs a missing key, and what may go', async () => {
    const { environment, db } = await filled(5)
    expect(await refused(environment, 'add')).toMatch(/ENCRYPTION_KEYS is set.*openssl rand.*restart.*rotate/)
    const missing = { ...environment, ENCRYPTION_KEYS: k2 }
    expect(await good(missing, 'status')).toMatch(/^k1 +\d+ +MISSING, needed by organizations 1, users 6/m)
    for (const words of [
      await refused(missing, 'rotate'),
      (await startProgram(missing, ['serve']).ended).stderr,
    ]) {
      expect(words).toMatch(/the key 'k1', which is not here \(organizations 1, users 6\)/)
    }
    const impostor = { ...environment, ENCRYPTION_KEYS: keyText('k1') }
    expect((await startProgram(impostor, ['migrate']).ended).stderr).toMatch(/'k1' is another one/)
    const both = { ...environment, ENCRYPTION_KEYS: `${k2},${k1}` }
    expect(await good(both, 'rotate')).toContain('No longer needed: k1')
    expect(await keyIdsIn(db)).toEqual(['k2'])
    expect(await good(both, 'remove', 'k1')).toContain('take it out of ENCRYPTION_KEYS')
    expect((await startProgram(missing, ['migrate']).ended).code).toBe(0)
    expect(await openAll(db, k2)).toBe(5)
    await db.close()
    await removeData(environment)
  }, 120_000)

  it('may be shortened by hand too, once nothing needs the key', async () => {
    const { environment, db } = await filled(1)
    await good({ ...environment, ENCRYPTION_KEYS: `${k2},${k1}` }, 'rotate')
    const short = { ...environment, ENCRYPTION_KEYS: k2 }
    expect((await startProgram(short, ['migrate']).ended).code).toBe(0)
    expect(await good(short, 'status')).not.toContain('k1')
    await db.close()
    await removeData(environment)
  }, 120_000)

  it('are rotated to the end however often the rotation is killed or interrupted', async () => {
    const users = 6_000
    const { environment, db } = await filled(users)
    const both = { ...environment, ENCRYPTION_KEYS: `${k2},${k1}` }
    const left = async (): Promise<number> => {
      const [row] = await db.query<{ n: number }>({
        text: `select count(*) as n from users where user_id >= 1000 and get_byte(secret_sealed, 3) = ascii('1')`,
        values: [],
      })
      return row?.n ?? 0
    }
    const cuts: string[] = []
    for (const signal of ['SIGKILL', 'SIGINT', 'SIGKILL', 'SIGTERM'] as const) {
      const before = await left()
      const program = startProgram(both, ['keys', 'rotate'])
      const wanted = before - Math.ceil(Math.random() * 400)
      while ((await left()) > wanted && program.child.exitCode === null) await setTimeout(5)
      program.child.kill(signal)
      const ended = await program.ended
      cuts.push(`${signal} at ${await left()}`)
      if (signal !== 'SIGKILL') expect(ended.stderr).toMatch(/^Stopped: \d+ done, \d+ left/)
      expect(await openAll(db, `${k2},${k1}`)).toBe(users)
    }
    process.stdout.write(`rotation of ${users} cut off: ${cuts.join(', ')} left\n`)
    expect(await left()).toBeGreaterThan(0)
    expect(await good(both, 'rotate')).toContain('No longer needed: k1')
    expect(await left()).toBe(0)
    expect(await openAll(db, k2)).toBe(users)
    await db.close()
    await removeData(environment)
  }, 120_000)
})
