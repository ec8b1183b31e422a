import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { howStarted } from './support/how-started.ts'

const parent = join(import.meta.dirname, '..')
const root = parent.endsWith('dist') ? dirname(parent) : parent
const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const program = join(root, 'scripts', 'start.mjs')

it.each(['start', 'amalgam'])('npm run %s starts Node with a pool of 32 threads', (name) => {
  expect(howStarted([], scripts[name])).toEqual({ threads: '32', flags: [], words: [program] })
})

it('the command does so too, through a link and with its words, and as large as somebody says', () => {
  expect(bin).toEqual({ amalgam: './scripts/amalgam.sh' })
  const words = ['user', 'add', 'an id']
  expect(howStarted(words)).toEqual({ threads: '32', flags: [], words: [program, ...words] })
  expect(howStarted(['serve'], undefined, { UV_THREADPOOL_SIZE: '7' }).threads).toBe('7')
})

it('what only works has a larger young generation, for its deliveries', () => {
  const large = { threads: '32', flags: ['--max-semi-space-size=32'], words: [program, 'work'] }
  expect(howStarted(['work'])).toEqual(large)
  expect(howStarted([], `${scripts.amalgam} work`)).toEqual(large)
})
