import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

/** The program as it runs: its own process, stopped by force, by its parent's end and by signals. */
const own = dirname(fileURLToPath(import.meta.url))
/** With what all sandboxes share. */
const source = dirname(own)

describe('the sandbox as a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concur-sandbox-'))
  // Built tests lie beside the built program; from source it is compiled aside first.
  const built = existsSync(join(own, 'main.js'))
  const program = join(built ? own : join(folder, 'concur'), 'main.js')
  const running = new Set<ChildProcess>()

  beforeAll(() => {
    if (built) return
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    for (const name of readdirSync(source, { recursive: true }).map(String)) {
      if (!name.endsWith('.ts') || name.includes('test')) continue
      const compilerOptions = {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
      }
      const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), { compilerOptions })
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), outputText)
    }
  })
  afterEach(async () => {
    for (const child of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    running.clear()
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const start = (...args: string[]) => {
    const child = fork(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
    running.add(child)
    return child
  }
  const ready = async (child: ChildProcess): Promise<string> => {
    const [message] = (await once(child, 'message')) as [{ ready: boolean; port: number }]
    expect(message.ready).toBe(true)
    return `http://127.0.0.1:${String(message.port)}`
  }
  const kill = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const gone = once(child, 'exit')
    child.kill(signal)
    return (await gone)[0] as number | null
  }
  const app = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' }
  const grant = async (url: string, fields: Record<string, string>) => {
    const reply = await fetch(`${url}/oauth2/v0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...app, ...fields }),
    })
    return (await reply.json()) as Record<string, unknown>
  }
  const person = { grant_type: 'password', username: 'admin@sandbox.example', password: 'sandbox' }

  it('loses nothing at kill -9 that it had answered, and reads a file whose last line is cut', async () => {
    const state = join(folder, 'state.jsonl')
    const args = ['--port', '0', '--reports', '100', '--state', state]
    const first = start(...args)
    let url = await ready(first)
    const tokens = await grant(url, person)
    const headers = {
      authorization: `Bearer ${String(tokens['access_token'])}`,
      'content-type': 'application/json',
    }
    const reports = '/api/v3.0/expense/reports'
    const body = JSON.stringify({ Name: 'kept' })
    const made = (await (await fetch(url + reports, { method: 'POST', headers, body })).json()) as {
      ID: string
    }
    await fetch(`${url}/sandbox/clock`, { method: 'POST', body: '{"addSeconds":60}' })
    await fetch(`${url}/sandbox/faults`, { method: 'PUT', body: '[{"fault":"expires-in-number"}]' })
    const keys = await (await fetch(`${url}/oauth2/v0/jwks`)).text()
    await kill(first, 'SIGKILL')
    expect(readFileSync(state, 'utf8')).not.toContain(String(tokens['refresh_token']))
    appendFileSync(state, '{"kind":"report","rep')

    for (let round = 0; round < 2; round += 1) {
      const next = start(...args)
      url = await ready(next)
      const row = (await (await fetch(`${url}${reports}/${made.ID}`, { headers })).json()) as { Name: string }
      expect(row.Name).toBe('kept')
      expect(await (await fetch(`${url}/oauth2/v0/jwks`)).text()).toBe(keys)
      const refresh_token = String(tokens['refresh_token'])
      const fresh = await grant(url, { grant_type: 'refresh_token', refresh_token })
      expect(fresh['expires_in']).toBe(3600)
      const clock = await fetch(`${url}/sandbox/clock`, { method: 'POST', body: '{"addSeconds":0}' })
      expect(await clock.json()).toMatchObject({ offsetSeconds: 60 })
      await kill(next, 'SIGKILL')
    }
  })

  it('starts with 10,000 reports and prints how long it took', async () => {
    const from = performance.now()
    const child = start('--port', '0')
    await ready(child)
    process.stdout.write(
      `sandbox ready with 10,000 reports after ${String(Math.round(performance.now() - from))} ms\n`,
    )
    expect(await kill(child, 'SIGTERM')).toBe(0)
  })

  it('ends when its parent’s channel closes', async () => {
    const child = start('--port', '0')
    await ready(child)
    const gone = once(child, 'exit')
    child.disconnect()
    expect((await gone)[0]).toBe(0)
  })

  it('says in one line that the port is busy, and what to do, and exits with 1', async () => {
    const url = await ready(start('--port', '0'))
    const second = start('--port', new URL(url).port)
    const words: Buffer[] = []
    second.stderr?.on('data', (piece: Buffer) => words.push(piece))
    const [code] = (await once(second, 'close')) as [number]
    const text = Buffer.concat(words).toString()
    expect(code).toBe(1)
    expect(text.trim().split('\n')).toHaveLength(1)
    expect(text).toContain('--port')
  })

  it.each([['--nonsense', '1'], ['--port', '70000'], ['--reports', 'many'], ['--state']])(
    'refuses the flags %s %s',
    async (...args) => {
      const child = start(...args.map(String))
      expect(((await once(child, 'exit')) as [number])[0]).toBe(1)
    },
  )
})
