import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createVault, parseEncryptionKeys } from '#src/lib/secret.ts'
import type { Database } from '#src/store/index.ts'
import { ask } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { leaksIn, type Planted } from '../support/planted.ts'
import {
  credentialsOf,
  interrupt,
  programEnvironment,
  removeAllData,
  removeData,
  startProgram,
} from '../support/program.ts'

afterAll(removeAllData)

/** Tokens of the vendor, opened with the program's own key. */
const grantTokens = async (db: Database, keys: string): Promise<readonly string[]> => {
  const vault = createVault(parseEncryptionKeys(keys.trim()))
  const rows = await db.query<{ o: number; i: number; p: string; sealed: Buffer }>({
    text: 'select organization_id as o, instance_id as i, principal as p, sealed from grants',
    values: [],
  })
  return rows.flatMap(({ o, i, p, sealed }) => {
    const grant = JSON.parse(vault.open(sealed, `instance/${o}/${i}/grant-${p}`)) as Record<string, unknown>
    return [String(grant.accessToken), String(grant.refreshToken)]
  })
}

it('the program prints and logs no planted secret, at level trace, from its start to its end', async () => {
  const { url: databaseUrl, open } = await createTestDatabase()
  const environment = await programEnvironment({
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'trace',
    ADMIN_PASSWORD: 'planted-admin-password-1',
  })
  const program = startProgram(environment)
  await program.ready
  const db = await open()
  const keys = await readFile(join(environment['DATA_DIR'] ?? '', 'encryption.key'), 'utf8')
  const secrets = await credentialsOf(environment)
  const {
    AMALGAM_USER: user = '',
    AMALGAM_ELEMENT: element = '',
    AMALGAM_ORGANIZATION: organization = '',
  } = secrets
  const base = `${secrets['AMALGAM_URL']}/elements/api-v2`
  const sandbox = `http://127.0.0.1:${environment['SANDBOX_PORT']}/sandbox`
  const headers = { authorization: `User ${user}, Organization ${organization}, Element ${element}` }
  const tokens = [...(await grantTokens(db, keys))]

  const faults = (...list: readonly object[]) => ask(`${sandbox}/faults`, { method: 'PUT', body: list })
  const endTokens = () => ask(`${sandbox}/clock`, { body: { addSeconds: 3_700 } })
  await faults({ fault: 'rotate-refresh', value: 'kill-old' })
  await endTokens()
  expect((await ask(`${base}/reports?pageSize=1`, { headers })).status).toBe(200)
  tokens.push(...(await grantTokens(db, keys)))
  // Two grants, of which the call renewed at least one.
  expect(new Set(tokens).size).toBeGreaterThanOrEqual(6)

  const statuses: number[] = []
  const fail = async (path: string, options: Parameters<typeof ask>[1] = {}) => {
    statuses.push((await ask(`${base}${path}`, { headers, ...options })).status)
  }
  await fail('/authentication', {
    body: { username: secrets['AMALGAM_EMAIL'], password: 'planted-wrong-password-2' },
  })
  await fail(`/instances/${encodeURIComponent(user)}`)
  await fail(`/reports?where=${encodeURIComponent("Nmae = 'planted-query-value-3'")}`)
  await fail('/instances', {
    headers: { authorization: 'User planted-header-4', cookie: 'a=planted-cookie-5' },
  })
  await fail('/instances', { body: '{"password": "planted-broken-json-6' })
  await fail('/instances', {
    body: {
      name: 'x',
      element: { key: 'concur' },
      configuration: {
        'oauth.api.key': 'amalgam-sandbox',
        'oauth.api.secret': 'planted-client-secret-7',
        'oauth.callback.url': 'http://127.0.0.1:9/callback',
      },
      providerData: { code: 'planted-code-8', debug: true },
    },
  })
  // The database refuses: an unforeseen failure, with its stack in the log.
  await db.query({ text: 'alter table grants add constraint no_room check (false) not valid', values: [] })
  await endTokens()
  await fail('/reports?pageSize=1')
  await db.query({ text: 'alter table grants drop constraint no_room', values: [] })
  expect(statuses).toEqual([401, 404, 400, 401, 400, 400, 500])
  tokens.push(...(await grantTokens(db, keys)))

  const status = await startProgram(environment, ['keys', 'status']).ended
  const added = await startProgram(environment, ['keys', 'add']).ended
  const ended = await interrupt(program)
  const newKeys = await readFile(join(environment['DATA_DIR'] ?? '', 'encryption.key'), 'utf8')
  await db.close()
  await removeData(environment)

  const planted: readonly Planted[] = [
    ...Object.entries({
      user,
      element,
      organization,
      adminPassword: 'planted-admin-password-1',
      wrongPassword: 'planted-wrong-password-2',
      query: 'planted-query-value-3',
      header: 'planted-header-4',
      cookie: 'planted-cookie-5',
      json: 'planted-broken-json-6',
      client: 'planted-client-secret-7',
      code: 'planted-code-8',
      sandboxSecret: 'amalgam-sandbox-secret',
    }),
    ...tokens.map((value, at) => [`token ${at}`, value] as const),
    ...parseEncryptionKeys(newKeys.trim()).map(({ id, key }) => [id, key.toString('base64')] as const),
  ].map(([name, value]) => ({ name, value }))
  const printed = [ended, status, added].map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join('\n')
  expect(printed).toContain('a call failed unexpectedly')
  expect(printed).toContain('new first key')
  expect(planted.length).toBeGreaterThan(17)
  expect(leaksIn(printed, planted)).toEqual([])
}, 120_000)
