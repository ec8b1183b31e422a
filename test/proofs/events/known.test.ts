import { afterAll, beforeAll, expect, it } from 'vitest'
import { play } from './play.ts'
import type { Deed, Script } from './script.ts'
import { openStage, type Stage } from './stage.ts'

// Scripts on which something was lost once, as small as they go.

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const two: Deed = { do: 'create', count: 2, lateMs: 0, sameTime: false }
const plain: Script = {
  style: { kind: 'dated', order: 'id', resolutionMs: 1 },
  offsetMs: 0,
  pageSize: 100,
  rowsBefore: 0,
  steps: [],
}

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

it.each(Object.entries(scripts))('loses nothing: %s', async (name, script) => {
  const path = encodeURIComponent(name)
  expect((await play(stage, script, path)).failures).toEqual([])
})
