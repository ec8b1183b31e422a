import { afterAll, beforeAll, expect, it } from 'vitest'
import { play } from './play.ts'
import type { Deed, Script } from './script.ts'
import { openStage, type Stage } from './stage.ts'

// Scripts on which something was lost or invented once, as small as they go.

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const two: Deed = { do: 'create', count: 2, lateMs: 0, sameTime: false }
const plain: Script = {
  style: { kind: 'dated', order: 'id', resolutionMs: 1 },
  asking: { reads: 'moment', createdOnly: false },
  offsetMs: 0,
  pageSize: 100,
  rowsBefore: 0,
  steps: [],
}

/** More rows than a poller remembers of what is old, and they become it. */
const crowd = (ms: number): Script['steps'] => [
  { do: 'poll' },
  { ...two, count: 300 },
  { do: 'poll' },
  { do: 'pass', ms },
  two,
  { do: 'poll' },
  { do: 'poll' },
]

const scripts: Readonly<Record<string, Script>> = {
  'rows that tell whole minutes, changed in the minute of the start': {
    ...plain,
    style: { ...plain.style, resolutionMs: 60_000 },
    steps: [{ do: 'poll' }, two],
  },
  'a clock that goes a little back right after the start': {
    ...plain,
    steps: [{ do: 'poll' }, { do: 'jump', ms: -4_000 }, two],
  },
  'a clock that goes back before a poll and forth while it reads': {
    ...plain,
    steps: [
      { do: 'poll' },
      { ...two, lateMs: 90_000 },
      { do: 'jump', ms: -300_000 },
      {
        do: 'poll-slowly',
        meanwhile: {
          page: 1,
          deeds: [{ do: 'jump', ms: 86_400_000 }, two],
          readsFirst: true,
          ending: 'goes on',
        },
      },
      { do: 'pass', ms: 100_000 },
    ],
  },
  'a removal in a whole listing whose rows tell times, more of them than are remembered of what is old': {
    ...plain,
    style: { ...plain.style, kind: 'listing' },
    asking: { reads: 'all', createdOnly: false },
    rowsBefore: 300,
    steps: [{ do: 'poll' }, two, { do: 'poll' }, { do: 'poll' }, { do: 'remove', pick: 0 }],
  },
  'events that are switched off while a poll reads': {
    ...plain,
    steps: [
      {
        do: 'poll-slowly',
        meanwhile: { page: 1, deeds: [two], readsFirst: false, ending: { set: 'events', on: false } },
      },
      { do: 'pass', ms: 180_000 },
    ],
  },
}

const pears: Script = { ...plain, style: { ...plain.style, kind: 'listing' }, rowsBefore: 5 }

const inventing: Readonly<Record<string, Script>> = {
  'more rows than are remembered, read by the day': {
    ...plain,
    asking: { reads: 'day', createdOnly: false },
    steps: crowd(3_600_000),
  },
  'more rows than are remembered, all read each time': {
    ...plain,
    asking: { reads: 'all', createdOnly: false },
    steps: crowd(3_600_000),
  },
  'more rows than are remembered that tell days': {
    ...plain,
    style: { ...plain.style, resolutionMs: 86_400_000 },
    asking: { reads: 'all', createdOnly: false },
    steps: crowd(3 * 86_400_000),
  },
  'a row that is changed long after it was told as created': {
    ...plain,
    asking: { reads: 'moment', createdOnly: true },
    steps: [
      ...crowd(3_600_000),
      { do: 'update', picks: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], lateMs: 0, sameTime: false },
      { do: 'poll' },
    ],
  },
  'replies without the rows': {
    ...pears,
    steps: [
      { do: 'poll' },
      { do: 'poll-fails', page: 1, fate: 'no-rows' },
      { do: 'poll-fails', page: 1, fate: 'no-rows' },
    ],
  },
  'a row that slides from one page to the next while they are read': {
    ...pears,
    steps: [{ do: 'poll' }, { do: 'poll-fails', page: 1, fate: 'slides' }, { do: 'poll' }],
  },
}

it.each(Object.entries(inventing))('invents nothing: %s', async (name, script) => {
  const path = encodeURIComponent(name)
  expect((await play(stage, script, path)).failures).toEqual([])
})

it.each(Object.entries(scripts))('loses nothing: %s', async (name, script) => {
  const path = encodeURIComponent(name)
  expect((await play(stage, script, path)).failures).toEqual([])
})
