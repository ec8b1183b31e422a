import { execFile } from 'node:child_process'
import { access, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import {
  credentialsOf,
  type Ended,
  freePort,
  interrupt,
  type Program,
  programEnvironment,
  removeAllData,
  removeData,
  startProgram,
} from '../support/program.ts'

type Environment = Record<string, string>

const run = promisify(execFile)
const listens = { readyWords: 'Amalgam listens at' }

afterAll(removeAllData)

const fileIn = (environment: Environment, name: string): string => join(environment['DATA_DIR'] ?? '', name)

const expectOneLine = ({ code, stderr, stdout }: Ended, words: RegExp): void => {
  expect(stderr).toMatch(words)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stdout).not.toContain('"level"')
  expect(code).toBe(1)
}

describe('credentials.sh', () => {
  let environment: Environment
  beforeAll(async () => {
    environment = await programEnvironment({ SANDBOX: 'off' })
    const first = startProgram(environment, [], listens)
    await first.ready
    await interrupt(first)
  })
  afterAll(() => removeData(environment))

  const startAndStop = async (args: readonly string[]): Promise<void> => {
    const program = startProgram(environment, args, listens)
    await program.ready
    expect((await interrupt(program)).code).toBe(0)
  }

  it.each([['all'], ['serve']])('is completed by `%s` without a sandbox', async (command) => {
    const before = await credentialsOf(environment)
    expect(before['AMALGAM_USER']).toHaveLength(44)
    const path = fileIn(environment, 'credentials.sh')
    const lines = (await readFile(path, 'utf8')).split('\n')
    await writeFile(path, lines.filter((line) => !/AMALGAM_(USER|ORGANIZATION)=/.test(line)).join('\n'))
    await startAndStop([command])
    expect(await credentialsOf(environment)).toEqual(before)
  })

  it('holds the password that the administrator was given last, and keeps the rest', async () => {
    const before = await credentialsOf(environment)
    const email = before['AMALGAM_EMAIL'] ?? ''
    const changed = await startProgram(environment, ['user', 'password', email.toUpperCase()]).ended
    expect(changed.stderr).toBe('')
    expect(changed.stdout).toContain(fileIn(environment, 'credentials.sh'))
    const after = await credentialsOf(environment)
    expect(after['AMALGAM_PASSWORD']).not.toBe(before['AMALGAM_PASSWORD'])
    expect({ ...after, AMALGAM_PASSWORD: '' }).toEqual({ ...before, AMALGAM_PASSWORD: '' })
    const program = startProgram(environment, ['serve'], listens)
    await program.ready
    const login = await ask(`${after['AMALGAM_URL']}/elements/api-v2/authentication`, {
      body: { username: email, password: after['AMALGAM_PASSWORD'] },
    })
    await interrupt(program)
    expect(login.status, login.text).toBe(200)
  })

  it('of another user keeps its secrets when the password changes', async () => {
    const made = await startProgram(environment, [
      'organization',
      'add',
      'Southwind',
      'boss@southwind.example',
    ]).ended
    expect(made.code, made.stderr).toBe(0)
    const path = fileIn(environment, 'credentials-boss@southwind.example.sh')
    const secrets = (text: string) => text.split('\n').filter((line) => !line.includes('PASSWORD'))
    const before = await readFile(path, 'utf8')
    await startProgram(environment, ['user', 'password', 'boss@southwind.example']).ended
    const after = await readFile(path, 'utf8')
    expect(after).not.toBe(before)
    expect(secrets(after)).toEqual(secrets(before))
  })
})

describe('a start that cannot be', () => {
  const refused: (readonly [Environment, RegExp])[] = [
    [{ TRUST_PROXY: 'dead' }, /^TRUST_PROXY: allowed is true, false/],
    [{ TRUST_PROXY: '10.0.0.0/33' }, /^TRUST_PROXY: allowed is true, false/],
    [{ TRUST_PROXY: '10.0.0.1,,' }, /^TRUST_PROXY: allowed is true, false/],
    [{ TLS_CERT: import.meta.filename, TLS_KEY: import.meta.filename }, /^TLS_CERT: .* PEM/],
    [{ HOST: '192.0.2.1' }, /^HOST, PORT: cannot listen on 192\.0\.2\.1/],
  ]
  if (process.platform === 'linux') refused.push([{ DATA_DIR: '/proc/none/data' }, /^DATA_DIR: /])

  it.each(refused)('%j gives one clear line and code 1', async (extra, words) => {
    const environment = await programEnvironment()
    const options = { workingFolder: environment['DATA_DIR'] ?? '' }
    const program = startProgram({ ...environment, ...extra }, [], options)
    expectOneLine(await program.ended, words)
    await removeData(environment)
  })

  it('names the key file that is lost, and makes no other in its place', async () => {
    const environment = await programEnvironment({ SANDBOX: 'off' })
    expect((await startProgram(environment, ['migrate']).ended).code).toBe(0)
    const path = fileIn(environment, 'encryption.key')
    const key = await readFile(path, 'utf8')
    await rm(path)
    expectOneLine(
      await startProgram(environment, ['migrate']).ended,
      /encryption\.key is missing.*'k\d{8}-[0-9a-f]{4}'\./,
    )
    await expect(access(path)).rejects.toThrow(/ENOENT/)
    await writeFile(path, key)
    expect((await startProgram(environment, ['migrate']).ended).code).toBe(0)
    await removeData(environment)
  })
})

/** The children of a process that are programs of ours. */
const sandboxesOf = async (parent: number | undefined): Promise<readonly number[]> => {
  if (process.platform === 'linux') {
    // proc_pid_task_children(5): a slim container has no ps.
    const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ')
    const words = await Promise.all(
      children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    return children.filter((_, at) => words[at]?.includes('sandbox')).map(Number)
  }
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid, ...words] = line.trim().split(/\s+/)
    return Number(ppid) === parent && words.some((word) => word.includes('sandbox')) ? [Number(pid)] : []
  })
}

describe('the sandbox beside the program', () => {
  it('is started again when it dies, and one line says so', async () => {
    const environment = await programEnvironment()
    const program: Program = startProgram(environment)
    await program.ready
    const secrets = await credentialsOf(environment)
    const reports = () =>
      ask(`${secrets['AMALGAM_URL']}/elements/api-v2/hubs/expense/reports?pageSize=1`, {
        headers: { authorization: `User ${secrets['AMALGAM_USER']}, Element ${secrets['AMALGAM_ELEMENT']}` },
      })
    const before = await reports()
    const running = await sandboxesOf(program.child.pid)
    const [pid] = running
    if (pid === undefined) throw new Error('no sandbox runs')
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(async () => (await sandboxesOf(program.child.pid)).filter((one) => !running.includes(one)), {
        timeout: 10_000,
      })
      .toHaveLength(1)
    await expect.poll(async () => (await reports()).json, { timeout: 10_000 }).toEqual(before.json)
    const ended = await interrupt(program)
    expect(ended.stdout.match(/^The sandbox .* ended .*SIGKILL.*$/gm)).toHaveLength(1)
    expect(ended.code).toBe(0)
    await removeData(environment)
  })

  it('that takes a port of another program is told and left out, unless it is the first', async () => {
    const taken = await freePort()
    const blocker = createServer().listen(taken, '127.0.0.1')
    const environment = await programEnvironment()
    const program = startProgram({
      ...environment,
      SANDBOX: 'on',
      SANDBOX_PORT: `${environment['SANDBOX_PORT']},${taken}`,
    })
    const printed = await program.ready
    expect(printed).toMatch(
      new RegExp(`^The sandbox of .* does not run: .*port ${taken} is in use.*SANDBOX_PORT`, 'm'),
    )
    expect(printed.match(/^Sandbox of /gm)).toHaveLength(1)
    const { code, stderr } = await interrupt(program)
    blocker.close()
    expect([code, stderr]).toEqual([0, ''])
    await removeData(environment)
  })

  it('runs alone in a data folder that is not there yet', async () => {
    const environment = await programEnvironment()
    const options = { readyWords: 'listens at', workingFolder: environment['DATA_DIR'] ?? '' }
    const inside = { ...environment, DATA_DIR: fileIn(environment, 'not/there/yet') }
    const program = startProgram(inside, ['sandbox'], options)
    await program.ready
    const ended = await interrupt(program)
    expect(ended.stderr).toBe('')
    expect(ended.code).toBe(0)
    await removeData(environment)
  })
})

describe('the printed command lines', () => {
  it.each([['my data'], ["o'brien, $HOME"], ['']])('read the file of a data folder `%s`', async (name) => {
    const environment = await programEnvironment()
    const workingFolder = environment['DATA_DIR'] ?? ''
    const inside = { ...environment, DATA_DIR: join(workingFolder, name) }
    const program = startProgram(inside, [], { workingFolder })
    const printed = await program.ready
    const [, read = 'exit 1'] = /^(\. .*) && curl/m.exec(printed) ?? []
    expect(read).not.toContain(workingFolder)
    const { stdout } = await run('sh', ['-c', `${read} && printf %s "$AMALGAM_EMAIL"`], {
      cwd: workingFolder,
    })
    expect(stdout).toBe('admin@amalgam.example')
    expect((await interrupt(program)).code).toBe(0)
    await removeData(environment)
  })
})
