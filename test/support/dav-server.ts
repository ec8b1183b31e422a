import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Apache httpd with mod_dav, as Debian's apache2-bin brings it. */
const program = '/usr/sbin/apache2'
const modules = '/usr/lib/apache2/modules'

/** Why tests against it cannot run here; undefined: they can. */
export const noDavServer: string | undefined = existsSync(program)
  ? undefined
  : `${program} is missing (Debian: apt-get install --no-install-recommends apache2-bin)`

/** A WebDAV server of a test's own. */
export interface DavServer {
  /** The address where files begin, below a folder whose name has to be encoded. */
  readonly url: string
  readonly username: string
  readonly password: string
  /** The folder whose files it serves. */
  readonly root: string
  /** What it was asked, `METHOD /path`, since the last look; waits for so many, as it writes them behind its replies. */
  readonly asked: (atLeast?: number) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const loaded = [
  ...['mpm_event', 'unixd', 'authz_core', 'authz_user', 'authn_core', 'authn_file', 'auth_basic'],
  ...['mime', 'dir', 'alias', 'dav', 'dav_fs'],
]
  // Some builds have the first of them in the program.
  .filter((name) => existsSync(join(modules, `mod_${name}.so`)))

const configOf = (folder: string, root: string, port: number, isRoot: boolean): string => `
ServerRoot "${folder}"
PidFile "${folder}/pid"
ErrorLog "${folder}/errors"
LogFormat "%m %U" asked
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${isRoot ? 'User www-data\nGroup www-data' : ''}
Listen 127.0.0.1:${port}
ServerName 127.0.0.1
DefaultRuntimeDir "${folder}"
TypesConfig "${folder}/types"
DavLockDB "${folder}/locks"
LimitRequestBody 0
DocumentRoot "${folder}/none"
Alias "/a cloud/files" "${root}"
<Directory "${root}">
  Dav On
  DirectorySlash On
  AuthType Basic
  AuthName "files"
  AuthUserFile "${folder}/users"
  Require valid-user
</Directory>
`

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const waitFor = async (child: ChildProcess, port: number, folder: string): Promise<void> => {
  for (let tries = 0; !(await isListening(port)); tries += 1) {
    if (child.exitCode !== null || tries > 200)
      throw new Error(`Apache did not start: ${await readFile(`${folder}/errors`, 'utf8').catch(() => '')}`)
    await sleep(50)
  }
}

const username = 'anna'
const password = 'grün: & geheim'

/** Starts Apache on a free port of loopback, with a configuration, a user and files of its own. */
export const startDavServer = async (): Promise<DavServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-dav-'))
  const root = join(folder, 'files')
  const isRoot = process.getuid?.() === 0
  await Promise.all([mkdir(root), mkdir(join(folder, 'none')), chmod(folder, 0o755)])
  const hash = createHash('sha1').update(password, 'utf8').digest('base64')
  const port = await freePort()
  await writeFile(join(folder, 'users'), `${username}:{SHA}${hash}\n`)
  await writeFile(join(folder, 'types'), 'text/plain txt\nimage/png png\napplication/pdf pdf\n')
  await writeFile(
    join(folder, 'conf'),
    `${configOf(folder, root, port, isRoot)}\nCustomLog "${folder}/asked" asked\n`,
  )
  // As root it serves as www-data, whose files these are then (Debian's number).
  if (isRoot) await Promise.all([chown(root, 33, 33), chown(folder, 33, 33)])
  const child = spawn(program, ['-f', join(folder, 'conf'), '-D', 'FOREGROUND'], { stdio: 'inherit' })
  await waitFor(child, port, folder)
  let seen = 0
  return {
    url: `http://127.0.0.1:${port}/a%20cloud/files`,
    username,
    password,
    root,
    asked: async (atLeast = 0) => {
      for (let tries = 0; ; tries += 1) {
        const lines = (await readFile(`${folder}/asked`, 'utf8')).split('\n').filter((line) => line !== '')
        const fresh = lines.slice(seen)
        if (fresh.length >= atLeast || tries > 100) {
          seen = lines.length
          return fresh
        }
        await sleep(20)
      }
    },
    close: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
