import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyValue, leaksIn, type Planted } from '../support/planted.ts'
import { runPlanted } from '../support/planted-run.ts'
import { given, type PlantedStage, startPlantedStage } from '../support/planted-stage.ts'

let stage: PlantedStage
let planted: readonly Planted[] = []

beforeAll(async () => {
  stage = await startPlantedStage()
  planted = await runPlanted(stage)
}, 300_000)
afterAll(() => stage?.close())

/** Where a secret may be read in clear, by whom, and why. */
const exceptions: readonly {
  readonly call: RegExp
  readonly names: readonly string[]
  readonly why: string
}[] = [
  {
    call: /^(POST|GET|PUT|PATCH) \/instances\S* 200$/,
    names: ['element'],
    why: 'an instance shows its Element token to its owner, who signs hub calls with it',
  },
  {
    call: /^GET \/authentication\/secrets 200$/,
    names: ['user', 'organization'],
    why: 'whoever logged in with the password asks for the two secrets',
  },
  {
    call: /^POST \/authentication 200$/,
    names: ['bearer'],
    why: 'the bearer token is what a login is for',
  },
  {
    call: /^GET \/organizations\/me 200$/,
    names: ['organization'],
    why: 'the organization shows its secret to its members, who sent it',
  },
  {
    call: /^GET \/reports \d+$/,
    names: ['queryValue'],
    why: 'a query is told to whoever sent it: the plan, the next page, the place of a fault',
  },
]

describe('the run', () => {
  it('planted secrets, and failed in every way that it meant to', () => {
    process.stdout.write(
      `${planted.length} secrets, ${stage.heard.length} replies, ${stage.vendor.echoed()} echoes, ${stage.logged.length} lines of log\n`,
    )
    expect(planted.length).toBeGreaterThan(80)
    expect(stage.vendor.echoed()).toBeGreaterThan(120)
    expect(stage.logged.length).toBeGreaterThan(3)
    const statuses = new Set(stage.heard.map(({ status }) => status))
    for (const status of [200, 400, 401, 404, 409, 429, 500, 502])
      expect(statuses, `${status}`).toContain(status)
    expect(stage.heard.filter(({ body }) => body.includes('***')).length).toBeGreaterThan(100)
  })

  it('would be caught: each secret is found where it is meant to be read', () => {
    const all = stage.heard.map(({ body }) => body).join('\n')
    expect(leaksIn(all, planted)).toEqual(
      expect.arrayContaining(['user', 'organization', 'bearer', 'element']),
    )
    expect(leaksIn(`x${Buffer.from(`ab${given.cookie}c`).toString('base64')}`, planted)).toEqual(['cookie'])
  })
})

describe('no planted secret stands in clear', () => {
  it('in any column of any table', async () => {
    const values = await everyValue(stage.db)
    expect(new Set(values.map(({ place }) => place)).size).toBeGreaterThan(50)
    const leaks = values.flatMap(({ place, text }) =>
      leaksIn(text, planted).map((name) => `${place}: ${name}: ${text.slice(0, 200)}`),
    )
    expect(leaks).toEqual([])
  })

  it('in any line of the log, at level trace', () => {
    const leaks = stage.logged.flatMap((line) =>
      leaksIn(line, planted).map((name) => `${name}: ${line.slice(0, 600)}`),
    )
    expect(leaks).toEqual([])
  })

  it('in any reply, but where its owner reads it', () => {
    const leaks = stage.heard.flatMap(({ call, head, body }) => {
      const allowed = exceptions.filter((one) => one.call.test(call)).flatMap(({ names }) => names)
      return leaksIn(`${head}\n${body}`, planted)
        .filter((name) => !allowed.includes(name))
        .map((name) => `${call}: ${name}: ${body.slice(0, 300)}`)
    })
    expect([...new Set(leaks)]).toEqual([])
  })

  it('and no exception stands in the list without a use', () => {
    for (const { call, names } of exceptions) {
      const used = stage.heard.some(
        (one) =>
          call.test(one.call) &&
          leaksIn(`${one.head}\n${one.body}`, planted).some((name) => names.includes(name)),
      )
      expect(used, String(call)).toBe(true)
    }
  })
})
