import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** How the product's own script starts Node. */
export interface HowStarted {
  /** UV_THREADPOOL_SIZE. */
  readonly threads: string
  /** Of Node itself. */
  readonly flags: readonly string[]
  /** The program and its words. */
  readonly words: readonly string[]
}

const parent = join(import.meta.dirname, '..', '..')
const root = parent.endsWith('dist') ? dirname(parent) : parent
const script = join(root, 'scripts', 'amalgam.sh')

/** Stands in for Node, and tells how it was started. */
const node = '#!/bin/sh\necho "$UV_THREADPOOL_SIZE"\nprintf "%s\\n" "$@"\n'

/**
 * Runs a line of the shell, in which `$0` is a link to the script, as npm makes one for a command, and `$@` are the words.
 * @throws Error when the line fails.
 */
export const howStarted = (
  words: readonly string[],
  line = '"$0" "$@"',
  environment: Readonly<Record<string, string>> = {},
): HowStarted => {
  const folder = mkdtempSync(join(tmpdir(), 'amalgam-start-'))
  try {
    const link = join(folder, 'amalgam')
    symlinkSync(script, link)
    writeFileSync(join(folder, 'node'), node)
    chmodSync(join(folder, 'node'), 0o755)
    const env = { PATH: `${folder}:${process.env['PATH']}`, ...environment }
    const told = execFileSync('sh', ['-c', line, link, ...words], { cwd: root, encoding: 'utf8', env })
    const [threads = '', ...all] = told.trim().split('\n')
    const first = all.findIndex((word) => !word.startsWith('-'))
    return { threads, flags: all.slice(0, first), words: all.slice(first) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
