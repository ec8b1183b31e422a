import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The names that stand in `credentials.sh`, each as a line `export NAME=value`. */
export interface Credentials {
  readonly AMALGAM_URL?: string
  readonly AMALGAM_EMAIL?: string
  readonly AMALGAM_PASSWORD?: string
  readonly AMALGAM_ORGANIZATION?: string
  readonly AMALGAM_USER?: string
  readonly AMALGAM_ELEMENT?: string
}

const names = [
  'AMALGAM_URL',
  'AMALGAM_EMAIL',
  'AMALGAM_PASSWORD',
  'AMALGAM_ORGANIZATION',
  'AMALGAM_USER',
  'AMALGAM_ELEMENT',
] as const

export const credentialsPath = (dataDir: string): string => join(dataDir, 'credentials.sh')

/** A text as one word of a POSIX shell, whatever it holds. */
export const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`

const unquote = (text: string): string =>
  text.startsWith("'") ? text.slice(1, -1).replaceAll(`'\\''`, "'") : text

/** What the file holds; empty when there is none. */
export const readCredentials = async (path: string): Promise<Credentials> => {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const lines = text.split('\n').flatMap((line) => {
    const found = /^export ([A-Z_]+)=(.*)$/.exec(line)
    return found === null ? [] : [[found[1] ?? '', unquote(found[2] ?? '')] as const]
  })
  return Object.fromEntries(lines.filter(([name]) => names.some((known) => known === name)))
}

/** Replaces the file in one step; only its owner may read it. */
export const writeCredentials = async (path: string, credentials: Credentials): Promise<void> => {
  const lines = names.flatMap((name) => {
    const value = credentials[name]
    return value === undefined ? [] : [`export ${name}=${quote(value)}`]
  })
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.${process.pid}.part`
  await writeFile(
    part,
    `# Read by the command lines that Amalgam prints. Keep it to yourself.\n${lines.join('\n')}\n`,
    {
      mode: 0o600,
      flush: true,
    },
  )
  await rename(part, path)
}
