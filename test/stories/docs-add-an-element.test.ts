import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopbackAllowed } from '../support/events.ts'
import { type Product, startProduct } from '../support/product.ts'

const page = readFileSync('docs/add-an-element.md', 'utf8')

/** Code blocks of the page: ```kind flags. */
const blocks = [...page.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', flags = '', body = '']) => ({ kind, flags: flags.trim(), body: body.trimEnd() }),
)

const commands = blocks.flatMap(({ kind, flags, body }, at) => {
  const next = blocks[at + 1]
  const output = next?.flags === 'output' ? next.body : undefined
  return kind === 'sh' && flags === 'run' ? [{ command: body, output }] : []
})

let product: Product
let library: ChildProcess
let folder: string

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}

beforeAll(async () => {
  product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
  folder = mkdtempSync(join(tmpdir(), 'amalgam-page-'))
  const port = await freePort()
  const [, line = ''] = /^```sh background\n([^\n]+)\n```$/m.exec(page) ?? []
  const [program = '', ...given] = line.split(' ')
  library = spawn(program, given, {
    env: { ...process.env, LIBRARY_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(library.stdout ?? library, 'data')
  const file = blocks.find(({ flags }) => flags === 'file library.json')
  writeFileSync(join(folder, 'library.json'), (file?.body ?? '').replace(':8090', `:${port}`))
  mkdirSync(join(folder, 'data'))
  const { user, organization } = product.admin
  const base = product.url.replace('/elements/api-v2', '')
  writeFileSync(
    join(folder, 'data', 'credentials.sh'),
    `AMALGAM_URL=${base}\nAMALGAM_USER='${user}'\nAMALGAM_ORGANIZATION='${organization}'\n`,
  )
})
afterAll(async () => {
  if (library !== undefined && library.exitCode === null) {
    library.kill()
    await once(library, 'exit')
  }
  await product?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

describe('docs/add-an-element.md', () => {
  it('has commands to run', () => {
    expect(commands.length).toBeGreaterThan(4)
    expect(commands.filter(({ output }) => output !== undefined).length).toBeGreaterThan(3)
  })

  it.each(commands)('does what it says: $command', async ({ command, output }) => {
    const { status, stdout, stderr } = await runAside(command)
    expect(status, stdout + stderr).toBe(0)
    if (output !== undefined) expect(stdout.trim()).toBe(output)
  })
})

/** Runs a command while the server, which is in this process, goes on answering. */
const runAside = async (
  command: string,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> => {
  const child = spawn('bash', ['-c', command], { cwd: folder })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += String(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk)
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}
