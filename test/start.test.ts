import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { howStarted } from './bench/how-started.ts'

const parent = join(import.meta.dirname, '..')
const root = parent.endsWith('dist') ? dirname(parent) : parent
const folder = mkdtempSync(join(tmpdir(), 'amalgam-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands in for Node, and tells how it was started. */
writeFileSync(join(folder, 'node'), '#!/bin/sh\necho "threads $UV_THREADPOOL_SIZE"\nprintf "%s\\n" "$@"\n')
chmodSync(join(folder, 'node'), 0o755)
const link = join(folder, 'amalgam')
symlinkSync(join(root, 'scripts', 'amalgam.sh'), link)

const start = (
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): readonly string[] =>
  execFileSync('sh', args, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH']}`, ...environment },
  })
    .trim()
    .split('\n')

const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const node = ['--max-semi-space-size=32', join(root, 'scripts', 'start.mjs')]

it.each(['start', 'amalgam'])('npm run %s starts Node with a pool of 32 threads', (name) => {
  expect(start({}, '-c', scripts[name])).toEqual(['threads 32', ...node])
})

it('the command does so too, through a link and with its words, and as large as somebody says', () => {
  expect(bin).toEqual({ amalgam: './scripts/amalgam.sh' })
  expect(start({}, link, 'user', 'add', 'an id')).toEqual(['threads 32', ...node, 'user', 'add', 'an id'])
  expect(start({ UV_THREADPOOL_SIZE: '7' }, link, 'work')).toEqual(['threads 7', ...node, 'work'])
})

it('the benchmark reads there how Node is started, and starts all that it measures so', () => {
  const { flags, threads } = howStarted()
  expect([`threads ${threads}`, ...flags]).toEqual(['threads 32', ...node.slice(0, -1)])
})
