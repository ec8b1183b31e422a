import { afterAll, describe, expect, it } from 'vitest'
import type { ScriptCall, ScriptOutcome } from './script-call.ts'
import { createScripts } from './scripts.ts'

const scripts = createScripts()
afterAll(() => scripts.close())

let owners = 0

const call = (body: string, more: Partial<ScriptCall> = {}): ScriptCall => {
  owners += 1
  return {
    owner: `owner ${owners}`,
    organizationId: owners,
    body,
    answers: 'done',
    each: { given: [{ n: 1 }] },
    shared: { word: 'w' },
    ...more,
  }
}

const run = (body: string, more?: Partial<ScriptCall>): Promise<readonly ScriptOutcome[]> =>
  scripts.run(call(body, more))

const answer = async (body: string, more?: Partial<ScriptCall>): Promise<unknown> => {
  const [outcome] = await run(body, more)
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: 'answer' })
  return outcome?.kind === 'answer' ? outcome.value : undefined
}

const error = async (body: string, more?: Partial<ScriptCall>): Promise<string> => {
  const [outcome] = await run(body, more)
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: 'failed' })
  return outcome?.kind === 'failed' ? outcome.error : ''
}

describe('a script', () => {
  it('has lodash and util, by name and by require, and nothing else by require', async () => {
    expect(await answer('done(_.map([given, given], "n"))')).toEqual([1, 1])
    expect(await answer('const _ = require("lodash"); done(_.get({ a: [{ b: 2 }] }, "a[0].b"))')).toBe(2)
    expect(await answer('done(lodash.uniq([1, 1, 2]))')).toEqual([1, 2])
    expect(await answer('done(util.format("%s is %d", "n", given.n))')).toBe('n is 1')
    expect(await error('done(require("fs"))')).toContain("not 'fs'")
  })

  it('reads a body that is given as what it says like one that is given as text', async () => {
    expect(await answer('const one = JSON.parse(given); one.n = 5; done([given.n, one.n])')).toEqual([1, 5])
    expect(await answer('done(JSON.parse(JSON.stringify(given)))')).toEqual({ n: 1 })
    expect(await error('JSON.parse("{")')).toContain('SyntaxError')
  })

  it('has the helpers of hooks', async () => {
    expect(await answer('done(CE.md5("a"))')).toBe('0cc175b9c0f1b6a831c399e269772661')
    expect(await answer('done(CE.randomString(12).length)')).toBe(12)
    // RFC 2202, case 2 of HMAC-SHA-1 and RFC 4231, case 2 of HMAC-SHA-256.
    const jefe = '"what do ya want for nothing?", "Jefe"'
    expect(await answer(`done(CE.hmacSha1Hex(${jefe}))`)).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79')
    expect(await answer(`done(CE.hmacSha256Hex(${jefe}))`)).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
    expect(await answer(`done(CE.hmacSha1Base64(${jefe}))`)).toBe('7/zfauXrL6LSdBbV8YTfnCWafHk=')
  })
})
