import { describe, expect, it } from 'vitest'
import { type Mapping, off, onMapping, tripFields } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

const scripted = async (body: string, more: Row = {}, script: Row = {}) => {
  const made = await mapping.map('trips', 'reports', tripFields, [off], {
    script: { body, ...script },
    ...more,
  })
  expect(made.status, made.text).toBe(200)
  return made
}

const told = async (headers: Readonly<Record<string, unknown>>): Promise<unknown> => {
  await stage.product.context.requestLog.flush()
  const usage = await mapping.call('GET', `/usage/${String(headers['elements-request-id'])}`)
  expect(usage.status, usage.text).toBe(200)
  return usage.json.scriptError
}

describe('a script of a transformation', () => {
  it('6.2/8 runs on every row of a list, on one row, and on what is written', async () => {
    const body = `if (fromVendor) {
      transformedObject.label = transformedObject.title + ' of ' + originalObject.OwnerName
      console.log('never shown')
    } else transformedObject.Name = originalObject.title + ' (' + originalObject.label + ')'
    done(transformedObject)`
    const made = await scripted(body)
    expect(made.json).toMatchObject({
      isLegacy: false,
      script: { body, mimeType: 'application/javascript', filterEmptyResponse: false, level: 'instance' },
    })
    const rows = await mapping.rows('trips')
    const vendor = await mapping.rows('reports')
    expect(rows.length).toBeGreaterThan(3)
    expect(rows.map(({ label }) => label)).toEqual(
      vendor.map(({ Name, OwnerName }) => `${String(Name)} of ${String(OwnerName)}`),
    )
    const path = `trips/${String(rows[0]?.['id'])}`
    expect((await mapping.onHub('GET', path)).json).toEqual(rows[0])
    expect((await mapping.onHub('GET', path, { fields: 'label' })).json).toEqual({
      label: rows[0]?.['label'],
    })
    const created = await mapping.onHub('POST', 'trips', {}, { title: 'Fair', label: 'new' })
    expect(created.json).toMatchObject({
      title: 'Fair (new)',
      label: expect.stringContaining('Fair (new) of'),
    })
    const changed = await mapping.onHub('PATCH', `trips/${created.json.id}`, {}, { title: 'A', label: 'B' })
    expect(changed.json).toMatchObject({ title: 'A (B)' })
    expect((await mapping.onHub('GET', `reports/${created.json.id}`)).json.Name).toBe('A (B)')
  })

  it('6.2/8 replaces the object by its answer, and drops empty ones where it says so', async () => {
    const body = `if (transformedObject.title.length % 2 === 0) done(null)
      else done({ only: transformedObject.title })`
    await scripted(body)
    const shown = await mapping.onHub('GET', 'trips', { pageSize: '500' })
    const titles = (await mapping.rows('reports')).map(({ Name }) => String(Name))
    const odd = titles.filter(({ length }) => length % 2 === 1).map((only) => ({ only }))
    expect(odd.length).toBeGreaterThan(0)
    expect(shown.json).toEqual(titles.map((only) => (only.length % 2 === 1 ? { only } : {})))
    await scripted(body, {}, { filterEmptyResponse: true })
    const left = await mapping.onHub('GET', 'trips', { pageSize: '500' })
    expect(left.json).toEqual(odd)
    expect(left.headers['elements-returned-count']).toBe(String(odd.length))
    expect(left.headers['elements-error']).toBeUndefined()
  })

  it('6.2/8 answers by return in the legacy engine, which nothing goes back to', async () => {
    const legacy = { isLegacy: true }
    const made = await scripted('transformedObject.old = true; return transformedObject', legacy)
    expect(made.json.isLegacy).toBe(true)
    const old = await mapping.rows('trips')
    expect(old.length).toBeGreaterThan(0)
    for (const row of old) expect(row['old']).toBe(true)
    const path = `/instances/${mapping.id}/transformations/trips`
    const script = {
      body: 'function (originalObject, transformedObject) { done({ id: originalObject.ID }) }',
    }
    const renewed = await mapping.call('PUT', path, { vendorName: 'reports', isLegacy: false, script })
    expect(renewed.json).toMatchObject({ isLegacy: false, fields: [] })
    const anew = await mapping.rows('trips')
    expect(anew.length).toBeGreaterThan(0)
    for (const row of anew) expect(Object.keys(row)).toEqual(['id'])
    const back = await mapping.call('PUT', path, { vendorName: 'reports', ...legacy })
    expect(back.status).toBe(400)
    expect(back.text).toContain('isLegacy')
  })

  it.each([
    ['throws', 'throw new TypeError("no")', /TypeError: no \(line 1\)/],
    ['forgets done', 'transformedObject.x = 1', /did not call done\(\)/],
    ['loops', 'for (;;);', /longer than 1 s/],
    ['recurses', 'const f = () => f() + 1; f()', /stack overflow/],
    ['allocates', 'const all = []; for (;;) all.push(new Array(1e5).fill(1))', /memory|longer than 1 s/],
    ['reaches for process', 'done(process.env)', /process/],
    ['reaches for require', "done(require('fs'))", /require/],
    [
      'reaches for a constructor',
      "done(globalThis.constructor.constructor('return process')())",
      /no code of a text/,
    ],
    ['answers no object', 'done(5)', /no object/],
  ])('6.2/8 that %s shows rows without it, and says so', async (_does, body, words) => {
    await scripted('done(transformedObject)')
    const plain = await mapping.rows('trips')
    await scripted(body)
    const found = await mapping.onHub('GET', 'trips', { pageSize: '500' })
    expect(found.status).toBe(200)
    expect(found.json).toEqual(plain)
    expect(found.headers['elements-error']).toMatch(/^script of trips: .*shown without it$/)
    expect(found.headers['elements-error']).toMatch(words)
    expect(await told(found.headers)).toBe(found.headers['elements-error'])
  })

  it('6.2/8 that fails for one record leaves the others scripted', async () => {
    const [first] = await mapping.rows('reports')
    await scripted(`if (transformedObject.id === '${String(first?.['ID'])}') throw 'not this'
      transformedObject.seen = true; done(transformedObject)`)
    const found = await mapping.onHub('GET', 'trips', { pageSize: '500' })
    expect(found.json.map(({ seen }: Row) => seen ?? false)).toEqual(
      found.json.map(({ id }: Row) => id !== first?.['ID']),
    )
    expect(found.headers['elements-error']).toMatch(/not this\. 1 of \d+ records are shown without it/)
  })

  it('6.2/9 has the helpers of CE', async () => {
    await scripted(`done({ mail: CE.randomEmail(), text: CE.decode64(CE.b64(transformedObject.title)),
      mac: CE.hmac('sha256')('hex')('a', 'b') === CE.hmacsha256hex('a', 'b'), code: CE.currencyCode('Canada'),
      sign: CE.currencySymbol('GBP'), two: CE.iso2CountryCode('spain'), three: CE.ISO3countryCode('japan') })`)
    const vendor = await mapping.rows('reports')
    expect(await mapping.rows('trips')).toEqual(
      vendor.map(({ Name }) => ({
        ...{ mail: expect.stringContaining('@example'), text: Name, mac: true },
        ...{ code: 'CAD', sign: '£', two: 'ES', three: 'JPN' },
      })),
    )
  })
})
