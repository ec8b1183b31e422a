import { afterAll, describe, expect, it } from 'vitest'
import { limits, type ScriptCall, type ScriptOutcome } from './script-call.ts'
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
  it('answers by done, or by return in the legacy way, as statements or as a whole function', async () => {
    expect(await answer('given.word = word; done(given)')).toEqual({ n: 1, word: 'w' })
    expect(await answer('given.word = word; return given', { answers: 'return' })).toEqual({
      n: 1,
      word: 'w',
    })
    expect(await answer('function (given, done) { done([given.n, word]) }')).toEqual([1, 'w'])
    expect(await answer('// mine\nfunction made(a, b, c) {\n  c([a.n, b])\n};')).toEqual([1, 'w'])
    expect(await answer('(given) => { done(given.n) }')).toBe(1)
    expect(await answer('function (given) { return given.n }', { answers: 'return' })).toBe(1)
    expect(await answer('function two(x) { return 2 * x }\nlet word = two(given.n); done(word)')).toBe(2)
    expect(await answer('Promise.resolve(3).then(done)')).toBe(3)
  })

  it('runs once for each item, and tells what each answered', async () => {
    const given = Array.from({ length: 250 }, (_, n) => ({ n }))
    const body = `given.m = given.n * 2
      if (given.n === 1) throw new TypeError('one')
      if (given.n === 2) done()
      else if (given.n === 3) done({ other: true })
      else if (given.n === 4) done(null)
      else if (given.n !== 5) done(given)`
    const outcomes = await run(body, { each: { given }, watched: 'given' })
    expect(outcomes.length).toBe(250)
    expect(outcomes[0]).toEqual({ kind: 'answer', value: { n: 0, m: 0 }, isWatched: true })
    expect(outcomes[1]).toEqual({ kind: 'failed', error: 'TypeError: one (line 2)' })
    expect(outcomes[2]).toEqual({ kind: 'nothing' })
    expect(outcomes[3]).toEqual({ kind: 'answer', value: { other: true }, isWatched: false })
    expect(outcomes[4]).toEqual({ kind: 'answer', value: null, isWatched: false })
    expect(outcomes[5]).toEqual({ kind: 'failed', error: 'it did not call done()' })
    expect(outcomes[249]).toEqual({ kind: 'answer', value: { n: 249, m: 498 }, isWatched: true })
  })

  it.each([
    ['throws', 'throw new Error("no")', /^Error: no \(line 1\)$/],
    ['throws what is no error', 'throw { toString() { throw 1 } }', /cannot be told|undefined/],
    ['does not compile', 'done(', /^SyntaxError/],
    ['forgets done', 'given.n = 2', /did not call done/],
    ['loops', 'for (;;);', /longer than 1 s/],
    ['loops where it catches all', 'for (;;) { try { for (;;); } catch {} }', /longer than 1 s/],
    ['is lost in a pattern', 'done(/(a+)+$/.test("a".repeat(50) + "b"))', /longer than 1 s/],
    ['recurses', 'const f = () => f() + 1; done(f())', /stack overflow/],
    [
      'recurses in JSON',
      'let a = []; for (let n = 0; n < 1e5; n++) a = [a]; done(a)',
      /stack overflow|longer/,
    ],
    ['answers a circle', 'given.me = given; done(given)', /circular/],
    ['answers a big integer', 'done(1n)', /BigInt|bigint/],
    ['answers too much', 'done("x".repeat(5e6))', /more than 4 MB/],
    ['reaches for process', 'done(process.env)', /process is not defined|'process' is not defined/],
    ['reaches for require', 'done(require("fs"))', /there is lodash and util here, not 'fs'/],
    ['imports', 'import("fs").then(done)', /done|import|module/],
    ['awaits for ever', 'new Promise(() => 0).then(done)', /did not call done/],
  ])('that %s says so, and harms nothing', async (_does, body, words) => {
    expect(await error(body)).toMatch(words)
    expect(await answer('done(given)')).toEqual({ n: 1 })
  })

  it('that allocates is stopped', async () => {
    const words = await error('const all = []; for (;;) all.push(new Array(1e5).fill(all.length))')
    expect(words).toMatch(/memory/)
    expect(await error('done("x".repeat(2 ** 29).length)')).toMatch(/memory|invalid|longer than/)
    expect(await error('done(new Uint8Array(2 ** 30).length)')).toMatch(/memory|invalid|longer than/)
    expect(await answer('done(given)')).toEqual({ n: 1 })
  })

  it('finds nothing of the host by any constructor', async () => {
    const body = `const reached = [globalThis, given, done, CE.b64, CE, console.log, function* () {}].map((one) => {
        try { return one.constructor.constructor('return typeof process + typeof require + typeof module')() }
        catch (error) { return String(error) }
      })
      done(reached)`
    for (const text of (await answer(body)) as string[])
      expect(text).toMatch(/no code of a text|not a function|of undefined/)
    expect(await answer('done(Object.keys(globalThis.constructor))')).toEqual([])
    const names = (await answer('done(Object.getOwnPropertyNames(globalThis))')) as string[]
    for (const name of ['process', 'require', 'fetch', 'setTimeout', 'WebAssembly', 'Buffer', 'postMessage'])
      expect(names).not.toContain(name)
  })

  it('leaves nothing for the next run, and nothing in the language', async () => {
    const body = `count = typeof count === 'undefined' ? 1 : count + 1
      try { Array.prototype.left = 1 } catch {}
      try { Object.prototype.left = 1 } catch {}
      try { JSON.stringify = () => '"mine"' } catch {}
      try { globalThis.JSON = null } catch {}
      const seen = { count, left: [].left }
      seen.toString = 'a name like any other'
      done(seen)`
    const one = call(body, { each: { given: [1, 2] } })
    const value = { count: 1, toString: 'a name like any other' }
    for (const outcomes of [await scripts.run(one), await scripts.run(one)])
      expect(outcomes).toEqual(Array.from({ length: 2 }, () => ({ kind: 'answer', value, isWatched: false })))
  })

  // Each counts its runs on something that would last, and answers the count.
  it.each([
    ['a helper', 'CE.b64.n = (CE.b64.n ?? 0) + 1; done(CE.b64.n ?? 1)'],
    ['its own function', 'arguments.callee.n = (arguments.callee.n ?? 0) + 1; done(arguments.callee.n ?? 1)'],
    [
      'the prototype of its own function',
      'const { prototype: p } = arguments.callee; p.n = (p.n ?? 0) + 1; done(p.n ?? 1)',
    ],
    ...[
      '[].values().map((x) => x)',
      'Iterator.from({ next() {} })',
      'Iterator.concat([])',
      'new Set().values()',
      'Object.getPrototypeOf((function* () {})())',
      'Object.getPrototypeOf((async function* () {})())',
      '(async () => {})()',
      '(async () => {})',
      '"".matchAll(/x/g)',
      'Object.getOwnPropertyDescriptor((function () { "use strict"; return arguments })(), "callee").get',
    ].map((made): [string, string] => [
      `what ${made} is made of`,
      `let n = 1
       for (let p = Object.getPrototypeOf(${made}); p !== null; p = Object.getPrototypeOf(p)) {
         if (p.left !== undefined) n = 2
         try { Object.defineProperty(p, 'left', { value: 1 }) } catch {}
         if (!Object.isFrozen(p)) n = 3
       }
       done(n)`,
    ]),
    [
      'the global object, by definition',
      `const n = (globalThis.n ?? 0) + 1
       try { Object.defineProperty(globalThis, 'n', { value: n, writable: true }) } catch {}
       done(n)`,
    ],
    [
      'the global object, by a symbol',
      'const s = Symbol.for("n"); globalThis[s] = (globalThis[s] ?? 0) + 1; done(globalThis[s] ?? 1)',
    ],
    [
      'the global object, once it has answered',
      'done({ toJSON() { globalThis.n = (globalThis.n ?? 0) + 1; return globalThis.n ?? 1 } })',
    ],
    ['a name of its own', 'n = typeof n === "number" ? n + 1 : 1; done(n)'],
    ['names of its own', '[n, m] = [typeof n === "number" ? n + 1 : 1, 2]; for (x of [n]) done(x)'],
    [
      'a value that all runs share',
      'all.n = (all.n ?? 0) + 1; try { all.list.push(2) } catch {}; done(all.n ?? all.list.length)',
    ],
  ])('counts no runs on %s', async (_what, body) => {
    const one = call(body, { each: { given: [1, 2, 3] }, shared: { all: { list: [1] } } })
    for (const outcomes of [await scripts.run(one), await scripts.run(one)])
      expect(outcomes).toEqual(
        Array.from({ length: 3 }, () => ({ kind: 'answer', value: 1, isWatched: false })),
      )
  })

  it.each([
    '}}); let st = 0; (function (given, word, done) {{ st += 1; done(st)',
    '}}, function (given, word, done) {{ done(1)',
    'function (given, word, done) { done(1) })(1) }); let st = 0; (function (given, word, done) { return (() => done(++st)',
  ])('that closes the function in which it stands is refused: %s', async (body) => {
    expect(await error(body)).toMatch(/^SyntaxError/)
  })

  it.each([
    'eval("1")',
    '(0, globalThis["ev" + "al"])("let st = 1")',
    'Function("return 1")()',
    '(() => 1)["constr" + "uctor"]("return 1")()',
    'Object.getPrototypeOf(async function* () {}).constructor("yield 1")',
  ])('runs no code of a text: %s', async (code) => {
    expect(await error(`done(${code})`)).toMatch(/no code of a text|not defined|not a function/)
  })

  it('is left alone for a while once it was stopped, until it is another', async () => {
    const hostile = call('while (true);')
    expect(await scripts.run(hostile)).toMatchObject([{ error: expect.stringContaining('longer than') }])
    expect(await scripts.run(hostile)).toMatchObject([{ error: expect.stringContaining('left alone') }])
    const mended = await scripts.run({ ...hostile, body: 'done(given)' })
    expect(mended).toMatchObject([{ kind: 'answer', value: { n: 1 } }])
  })

  const slow = (ms: number) => `const from = Date.now(); while (Date.now() - from < ${ms}); done(1)`

  it('does not wait for one of another owner that holds its thread', async () => {
    // Both threads stand before: a new one takes as long as the hostile one is let go on.
    await Promise.all([1, 2].map(() => run(slow(500))))
    const hostile = run('while (true);')
    const ended: string[] = []
    const others = Promise.all([1, 2, 3].map(() => answer('done(given)'))).then(() => ended.push('others'))
    await Promise.all([hostile.then(() => ended.push('hostile')), others])
    expect(ended).toEqual(['others', 'hostile'])
  })

  it('of an organization that asks for many takes one thread and its turns', async () => {
    const ended: string[] = []
    const note = (name: string) => () => void ended.push(name)
    // Two owners, as two resources of one customer.
    const many = [0, 1].flatMap((owner) =>
      Array.from({ length: 4 }, () =>
        run(slow(300), { owner: `greedy ${owner}`, organizationId: -1 }).then(note('greedy')),
      ),
    )
    const other = (organizationId: number) =>
      run(slow(100), { owner: `other ${organizationId}`, organizationId }).then(note('other'))
    await Promise.all([other(-2), other(-3), other(-2), other(-3)])
    expect(ended.filter((name) => name === 'greedy').length).toBeLessThan(4)
    await Promise.all(many)
    expect(ended).toHaveLength(12)
  })

  it('that waits too long for its turn is told so, and is not left alone for it', async () => {
    const greedy = { owner: 'patient', organizationId: -4 }
    const one = call(slow(850), greedy)
    const began = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => scripts.run(one)))
    expect(performance.now() - began).toBeLessThan(limits.waitMs + 10_000)
    const errors = outcomes.flatMap(([of]) => (of?.kind === 'failed' ? [of.error] : []))
    expect(errors.length).toBeGreaterThan(3)
    for (const words of errors) expect(words).toMatch(/^the sandbox is busy: it waited 5 s/)
    expect(await scripts.run(one)).toMatchObject([{ kind: 'answer' }])
  }, 20_000)
})

describe('CE', () => {
  it('6.2/9 has the documented helpers, by names in any case', async () => {
    const body = `done({
      email: CE.randomEmail(), same: CE.randomEmail() === CE.randomEmail(),
      b64: CE.b64('Grüße'), back: CE.decode64(CE.B64('Grüße')),
      hmac: CE.hmac('SHA256')('hex')('text', 'key'), short: CE.hmacSHA256hex('text', 'key'),
      base64: CE.Hmac('sha1')('base64')('text', 'key'),
      currency: [CE.currencyCode('Canada'), CE.currencycode('germany'), CE.currencySymbol('GBP'), CE.currencySymbol('EUR')],
      two: [CE.iso2CountryCode('spain'), CE.ISO2COUNTRYCODE('Bosnia & Herzegovina'), CE.iso2CountryCode('Czechia')],
      three: CE.iso3countrycode('japan'),
    })`
    const { createHmac } = await import('node:crypto')
    const mac = createHmac('sha256', 'key').update('text').digest('hex')
    expect(await answer(body)).toEqual({
      email: expect.stringContaining('@example'),
      same: false,
      b64: 'R3LDvMOfZQ==',
      back: 'Grüße',
      hmac: mac,
      short: mac,
      base64: createHmac('sha1', 'key').update('text').digest('base64'),
      currency: ['CAD', 'EUR', '£', '€'],
      two: ['ES', 'BA', 'CZ'],
      three: 'JPN',
    })
    expect(await error('done(CE.iso2CountryCode("Atlantis"))')).toMatch(/no country 'Atlantis'/)
    expect(await error('done(CE.hmac("md99")("hex")("a", "b"))')).toMatch(/no algorithm 'md99'/)
    expect(await error('done(CE.sendEmail())')).toMatch(/not a function/)
  })
})
