import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import {
  credentialsOf,
  freePort,
  interrupt,
  type Program,
  programEnvironment,
  removeAllData,
  removeData,
  startProgram,
} from '../support/program.ts'

const kills = 20

afterAll(removeAllData)

describe('npm start', () => {
  let environment: Record<string, string>
  let program: Program

  beforeAll(async () => {
    environment = await programEnvironment()
    program = startProgram(environment)
    await program.ready
  }, 120_000)
  afterAll(async () => {
    if (program !== undefined) await interrupt(program)
    await removeData(environment)
  })

  const reports = async () => {
    const secrets = await credentialsOf(environment)
    return ask(`${secrets['AMALGAM_URL']}/elements/api-v2/hubs/expense/reports?pageSize=1`, {
      headers: { authorization: `User ${secrets['AMALGAM_USER']}, Element ${secrets['AMALGAM_ELEMENT']}` },
    })
  }

  it('prints lines whose output is what they give, and no secret', async () => {
    const printed = await program.ready
    const secrets = await credentialsOf(environment)
    expect(printed).toContain(secrets['AMALGAM_EMAIL'])
    expect(printed.match(/SMTP_URL is not set/g)).toHaveLength(1)
    for (const name of ['PASSWORD', 'ORGANIZATION', 'USER', 'ELEMENT']) {
      const secret = secrets[`AMALGAM_${name}`] ?? ''
      expect(secret.length, name).toBeGreaterThanOrEqual(24)
      expect(printed).not.toContain(secret)
    }
    const reply = await reports()
    expect(reply.status).toBe(200)
    expect(printed).toContain(`{"ID":"${reply.json[0].ID}","Name":"${reply.json[0].Name}"`)
    const file = await stat(join(environment['DATA_DIR'] ?? '', 'credentials.sh'))
    expect(file.mode & 0o777).toBe(0o600)
  })

  it(`is killed ${kills} times, and each time comes back with the same instance, token and data`, async () => {
    const before = await credentialsOf(environment)
    const [row] = (await reports()).json
    for (let round = 0; round < kills; round++) {
      program.child.kill('SIGKILL')
      await program.ended
      program = startProgram(environment)
      await program.ready
      expect(await credentialsOf(environment), `round ${round}`).toEqual(before)
      const reply = await reports()
      expect(reply.status, reply.text).toBe(200)
      expect(reply.json[0]).toEqual(row)
    }
  }, 300_000)

  it('ends on Ctrl-C with code 0, and leaves nothing behind', async () => {
    const ended = await interrupt(program)
    expect(ended.code).toBe(0)
    expect(ended.stderr).toBe('')
    await expect(reports()).rejects.toThrow(/ECONNREFUSED/)
    await expect(ask(`http://127.0.0.1:${environment['SANDBOX_PORT']}/`)).rejects.toThrow(/ECONNREFUSED/)
    program = startProgram(environment)
    await program.ready
  })
})

describe('a first start that is killed at any moment', () => {
  it('is completed by the next one', async () => {
    const environment = await programEnvironment()
    const moments = Array.from({ length: 12 }, () => Math.round(Math.random() * 2500))
    process.stdout.write(`killed after ${moments.join(', ')} ms\n`)
    for (const moment of moments) {
      const killed = startProgram(environment)
      await Promise.race([killed.ready, killed.ended, setTimeout(moment)]).catch(() => undefined)
      killed.child.kill('SIGKILL')
      await killed.ended
    }
    const program = startProgram(environment)
    const printed = await program.ready
    expect(printed).toContain('"Name":"Boston supplier audit"')
    const secrets = await credentialsOf(environment)
    const login = await ask(`${secrets['AMALGAM_URL']}/elements/api-v2/authentication`, {
      body: { username: secrets['AMALGAM_EMAIL'], password: secrets['AMALGAM_PASSWORD'] },
    })
    expect(login.status).toBe(200)
    expect((await interrupt(program)).code).toBe(0)
    await removeData(environment)
  }, 300_000)
})

describe('a start that cannot be', () => {
  it.each([
    [{ PORT: 'eighty' }, /^PORT: allowed is a port/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: allowed is fatal, error/],
    [{ SANDBOX: 'maybe' }, /^SANDBOX: allowed is on, off or first/],
    [{ ENCRYPTION_KEYS: 'k1:short' }, /^ENCRYPTION_KEYS: key 1/],
    [{ OUTBOUND_ALLOW: '10.0.0.0/99' }, /^OUTBOUND_ALLOW: /],
    [{ TLS_CERT: 'only.pem' }, /^TLS_CERT, TLS_KEY: set both/],
    [{ EVENT_RETENTION_DAYS: '0' }, /^EVENT_RETENTION_DAYS: allowed is a whole number/],
    [{ SMTP_URL: 'http://me:planted-secret@mail' }, /^SMTP_URL: begin with smtp:\/\/ or smtps/],
    [{ DATABASE_URL: 'mysql://a' }, /^DATABASE_URL: allowed is/],
    [
      { DATABASE_URL: 'postgres://user:planted-secret@127.0.0.1:1/none' },
      /^DATABASE_URL.*refuses the connection/,
    ],
  ])('%j gives one clear line and code 1', async (extra, words) => {
    const environment = await programEnvironment(extra as Record<string, string>)
    const { code, stderr, stdout } = await startProgram(environment).ended
    expect(stderr).toMatch(words)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('planted-secret')
    expect(code).toBe(1)
    await removeData(environment)
  })

  it.each(['PORT', 'SANDBOX_PORT'])('a busy %s gives one clear line and code 1', async (name) => {
    const taken = await freePort()
    const blocker = createServer().listen(taken, '127.0.0.1')
    const environment = await programEnvironment({ [name]: String(taken) })
    const { code, stderr, stdout } = await startProgram(environment).ended
    blocker.close()
    expect(stdout).not.toContain('"err"')
    expect(stderr).toContain(name)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
    await removeData(environment)
  })
})

describe('the other commands', () => {
  it('add organizations and users, change passwords, and show no secret', async () => {
    const environment = await programEnvironment({ SANDBOX: 'off' })
    const run = async (...args: string[]) => {
      const ended = await startProgram(environment, args).ended
      expect(ended.stderr).toBe('')
      expect(ended.code).toBe(0)
      return ended.stdout
    }
    expect(await run('migrate')).toContain('up to date')
    const made = await run('organization', 'add', 'Southwind', 'boss@southwind.example')
    const id = /^Organization (\d+)/m.exec(made)?.[1] ?? ''
    expect(await run('user', 'add', id, 'clerk@southwind.example')).toMatch(/User \d+ of organization/)
    expect(await run('user', 'password', 'clerk@southwind.example')).toContain('is changed')
    const again = await startProgram(environment, ['user', 'add', id, 'clerk@southwind.example']).ended
    expect(again.stderr).toMatch(/is taken/)
    expect(again.code).toBe(1)
    const unknown = await startProgram(environment, ['dance']).ended
    expect(unknown.stderr).toContain('amalgam serve')
    expect(unknown.code).toBe(1)
    await removeData(environment)
  }, 120_000)
})
