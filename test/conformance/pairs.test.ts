import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Resource } from '#src/element/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { checkTapped } from '../contract/check-tapped.ts'
import { hub } from '../support/client.ts'
import { controlsOf } from '../support/sandbox.ts'
import { type Drive, drives, steps, type Who } from './drive.ts'
import { type DriveStage, filled, ok, openDriveStage, stageFaults } from './drive-stage.ts'
import { awaited, type ExpectedVerb, expected } from './expected.ts'
import { lost, wholeBody } from './round-trip.ts'

const [element] = catalogueElements({ sandboxUrls: ['http://127.0.0.1:8081'] })
const resources: Readonly<Record<string, Resource>> = element?.resources ?? {}

const plain: Readonly<Record<string, keyof Resource['verbs']>> = {
  ...{ list: 'search', get: 'retrieve', create: 'create', update: 'update', delete: 'remove' },
  ...{ updateAll: 'updateAll', deleteAll: 'removeAll' },
}

/** Everything that a resource can do, in the words of what is expected. */
const verbsOf = ({ verbs, upload, contents = {}, actions = {} }: Resource): readonly ExpectedVerb[] => [
  ...Object.entries(plain)
    .filter(([, verb]) => verbs[verb] !== undefined)
    .map(([name]) => name as ExpectedVerb),
  ...(upload === undefined ? [] : (['upload'] as const)),
  ...Object.keys(actions).map((name): ExpectedVerb => `action:${name}`),
  ...Object.entries(contents).flatMap(([name, { read, write }]): ExpectedVerb[] => [
    ...(read === undefined ? [] : [`content:${name}:read` as const]),
    ...(write === undefined ? [] : [`content:${name}:write` as const]),
  ]),
]

/** A small image. */
const file = new Blob([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])], {
  type: 'image/png',
})

/** The file alone, or with parts of JSON beside it. */
const formWith = (parts: Readonly<Record<string, JsonObject>>): Blob | FormData => {
  if (Object.keys(parts).length === 0) return file
  const form = new FormData()
  for (const [name, value] of Object.entries(parts)) form.set(name, JSON.stringify(value))
  form.set('file', file, 'receipt.png')
  return form
}

/** A test only where there is something to test. */
const itIf =
  (is: boolean) =>
  (title: string, run: () => Promise<void>): void => {
    if (is) it(title, run)
  }

/** An id of the same form that nothing has. */
const otherId = (id: unknown): string =>
  String(id).replace(/[0-9a-z]/gi, (letter) =>
    /[0-9a-f]/i.test(letter) ? (letter === '7' ? '3' : '7') : 'q',
  )

const nameOf = (resource: string, verb: string): string => `${resource} ${verb}`

describe('what the element can do', () => {
  const there = Object.values(resources).flatMap((resource) =>
    verbsOf(resource).map((verb) => nameOf(resource.name, verb)),
  )
  const wanted = expected.map(({ resource, verb }) => nameOf(resource, verb))
  const waiting = awaited.map(([resource, verb]) => nameOf(resource, verb))

  it('is every pair that is expected, and no other', () => {
    process.stdout.write(
      `pairs: ${there.length} of ${wanted.length} expected; awaited: [${waiting.join(', ')}]\n`,
    )
    expect(wanted.filter((name) => !there.includes(name) && !waiting.includes(name))).toEqual([])
    expect(there.filter((name) => !wanted.includes(name))).toEqual([])
    expect(waiting.filter((name) => there.includes(name))).toEqual([])
    expect(new Set(wanted).size).toBe(wanted.length)
  })

  it('lacks of the older generation just the fields that are told', () => {
    for (const { name, fields, generations } of Object.values(resources)) {
      const told = expected
        .filter(({ resource }) => resource === name)
        .flatMap(({ missing }) => missing)
        .filter((field) => !field.includes('.'))
      const older = Object.keys(generations?.['v3']?.fields ?? {})
      // Other resources than those of Cloud Elements keep the names of the API that serves them.
      const now = Object.keys(fields).map((field) => field.toLowerCase())
      const gone = older.filter((field) => !now.includes(field.toLowerCase()))
      if (generations?.['v3'] !== undefined) expect(gone.sort(), name).toEqual([...new Set(told)].sort())
    }
  })

  it('is driven, every resource of it', () => {
    expect(Object.keys(drives).sort()).toEqual(Object.keys(resources).sort())
    const acted = new Set(steps.map(({ action }) => `action:${action}`))
    expect(wanted.filter((name) => name.includes(' action:')).map((name) => name.split(' ')[1])).toEqual(
      expect.arrayContaining([...acted]),
    )
  })
})

describe('the element against the sandbox', () => {
  let stage: DriveStage
  beforeAll(async () => {
    stage = await openDriveStage()
  })
  afterAll(() => stage?.product.close())

  const drivenAs = Object.entries(drives).flatMap(([name, drive]) =>
    drive.as.flatMap((who): [string, Who, Drive, Resource][] => {
      const current = resources[name]
      const resource = who === 'v3' || who === 'legacy' ? (current?.generations?.['v3'] ?? current) : current
      return resource === undefined ? [] : [[name, who, drive, resource]]
    }),
  )

  describe.each(drivenAs)('%s, by %s', (name, who, drive, resource) => {
    const has = (verb: keyof Resource['verbs']): boolean =>
      resource.verbs[verb] !== undefined && drive.notBy?.[who]?.[verb] === undefined
    const queryOf = (more: Record<string, string> = {}) =>
      filled({ ...drive.query, ...drive.queryOf?.[who], ...more }, stage.known[who])
    const call = (path: string, method: string, body?: JsonObject, more?: Record<string, string>) =>
      stage.instances[who].call(`/${name}${path}`, {
        method,
        query: queryOf(more),
        ...(body === undefined ? {} : { body }),
      })
    const filePlace = (path: string): string =>
      `${stage.product.url}/hubs/expense/${name}${path}?${new URLSearchParams(queryOf())}`
    const sendFile = (url: string, method: string, body?: Blob | FormData): Promise<Response> =>
      fetch(url, {
        ...{ method, headers: hub(stage.product.admin, stage.instances[who].token) },
        ...(body === undefined ? {} : { body }),
      })
    const below = (id: unknown): string => `/${encodeURIComponent(String(id))}`
    const walk = async (pageSize: number): Promise<readonly JsonObject[]> => {
      const rows: JsonObject[] = []
      let more: Record<string, string> = {
        pageSize: String(pageSize),
        ...(drive.where === undefined ? {} : { where: drive.where }),
      }
      for (;;) {
        const page = await ok(call('', 'GET', undefined, more))
        rows.push(...page.json)
        const token = page.headers['elements-next-page-token']
        if (token === undefined) return rows
        more = { nextPage: String(token) }
      }
    }
    let row: JsonObject | undefined

    itIf(has('create'))('creates with every field that can be written, and shows them', async () => {
      const body = filled(wholeBody(resource, drive, 'create'), stage.known[who])
      const made = await ok(call('', 'POST', body))
      expect(made.headers['elements-error']).toBe(undefined)
      row = made.json
      if (drive.known !== undefined) stage.known[who][drive.known] = made.json.id
      if (has('retrieve')) expect(lost(resource, drive, body, made.json)).toEqual([])
    })

    itIf(resource.upload !== undefined)('creates by a file', async () => {
      const made = await sendFile(
        filePlace(''),
        'POST',
        formWith(filled(drive.upload ?? {}, stage.known[who])),
      )
      expect(made.status, await made.clone().text()).toBe(200)
      row = (await made.json()) as JsonObject
    })

    itIf(has('search'))('lists every row once, whatever the size of pages', async () => {
      const all = await walk(1000)
      expect(all.length).toBeGreaterThan(0)
      const ids = all.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect((await walk(Math.ceil(all.length / 2))).map(({ id }) => id)).toEqual(ids)
      if (row !== undefined) expect(ids).toContain(row.id)
      row ??= all[0]
    })

    itIf(has('retrieve'))('gets a row as it was shown, and no other', async () => {
      expect(row).toBeDefined()
      const steady = ({ ...one }: Record<string, Json>) => {
        for (const name of Object.keys(drive.unsteady ?? {})) delete one[name]
        return one
      }
      expect(steady((await ok(call(below(row?.id), 'GET'))).json)).toEqual(steady(row ?? {}))
      const none = await call(below(otherId(row?.id)), 'GET')
      expect([400, 404], none.text).toContain(none.status)
      expect(none.json.message).not.toBe('')
    })

    itIf(has('update'))('changes every field that can be written, and shows them', async () => {
      const body = filled(wholeBody(resource, drive, 'change'), stage.known[who])
      const changed = await ok(call(below(row?.id), 'PATCH', body))
      expect(changed.headers['elements-error']).toBe(undefined)
      expect(lost(resource, drive, body, changed.json)).toEqual([])
    })

    for (const [content, { write, read }] of Object.entries(resource.contents ?? {})) {
      const place = () => filePlace(`${below(row?.id)}/${content}`)
      const reads = () =>
        itIf(read !== undefined)(`reads the ${content}`, async () => {
          const got = await sendFile(place(), 'GET')
          expect(got.status, await got.clone().text()).toBe(200)
          const bytes = Buffer.from(await got.arrayBuffer())
          if (content === 'image') expect(bytes).toEqual(Buffer.from(await file.arrayBuffer()))
          else expect(bytes.length).toBeGreaterThan(0)
        })
      // A row that was made by a file has it; a write adds a page to it.
      if (resource.upload !== undefined) reads()
      itIf(write !== undefined)(`writes the ${content}`, async () => {
        const done = await sendFile(place(), 'POST', file)
        expect(done.status, await done.clone().text()).toBe(200)
      })
      if (resource.upload === undefined) reads()
    }

    const readsAnew = (has('search') || has('retrieve')) && (drive.kept === undefined || who === 'v3')
    itIf(readsAnew)('tells that a reply cannot be read, and whose fault it is', async () => {
      const { faults } = controlsOf(stage.product)
      await faults(...stageFaults, { fault: 'malformed-body' })
      const read = await (has('search') && drive.where === undefined
        ? call('', 'GET')
        : call(below(row?.id ?? 'none'), 'GET'))
      await faults(...stageFaults)
      expect([read.status, read.json.code, read.json.hop], read.text).toEqual([
        502,
        'provider-failed',
        'provider',
      ])
    })

    itIf(has('updateAll'))('changes the collection', async () => {
      const { body = {}, query = {} } = drive.updateAll ?? {}
      const done = await ok(call('', 'PATCH', filled(body, stage.known[who]), query))
      expect(JSON.stringify(done.json)).not.toContain('ERROR')
    })

    itIf(has('remove') && drive.known === undefined)('removes a row', async () => {
      await ok(call(below(row?.id), 'DELETE'))
      const gone = await call(below(row?.id), 'GET')
      expect([400, 404], gone.text).toContain(gone.status)
    })

    itIf(has('removeAll'))('removes from the collection', async () => {
      await ok(call('', 'DELETE', undefined, { ...drive.deleteAll?.query }))
    })
  })

  it.each(steps.map((step) => [step.as, step.action, step] as const))(
    '%s: %s',
    async (as, action, { on, body }) => {
      const path = `/reports/${filled(on, stage.known[as])}/${action}`
      const done = await ok(
        stage.instances[as].call(path, { method: 'POST', ...(body === undefined ? {} : { body }) }),
      )
      expect(String(done.headers['elements-error'] ?? '')).not.toContain('ignored')
    },
  )

  it('asks SAP Concur as it is published', async () => {
    await checkTapped(stage.product.tap?.requests ?? [])
  })
})
