import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BulkWorkflowMadeReply, BulkWorkflowReply } from '#src/contract/index.ts'
import { type Answer, ask, hub } from '../support/client.ts'
import { companyInstance } from '../support/grants.ts'
import { openLater } from '../support/later.ts'
import { openWorkflows, type Workflows } from '../support/workflows.ts'

let stage: Workflows

beforeAll(async () => {
  stage = await openWorkflows()
})
afterAll(() => stage?.close())
beforeEach(() => stage.sandbox.reset())

const done = (rows: number, failed = 0) => ({
  status: 'COMPLETED',
  recordsCount: rows,
  recordsFailedCount: failed,
})

describe('10/7 POST /bulk/workflows', () => {
  it('copies what the query finds to the other instance; GET /bulkloader tells it by its id, newest first', async () => {
    const { fill, post, copy, loader, there, arrived, source, target } = stage
    await fill('Copy', 7)
    const made = await post([copy('Copy')])
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({ id: expect.stringMatching(/^\d+$/), status: 'CREATED' })
    expect(BulkWorkflowMadeReply.safeParse(made.json).error).toBeUndefined()
    let newest: Answer['json']
    do {
      await sleep(50)
      const rows = await loader({ pageSize: '1' })
      expect(rows).toHaveLength(1)
      newest = rows[0]
      expect(newest.groupName).toBe(made.json.id)
    } while (['CREATED', 'RUNNING'].includes(newest.status))
    expect(newest).toEqual({
      ...{ id: made.json.id, groupName: made.json.id, instanceId: source.id, ...done(7) },
      ...{ createdDate: expect.stringMatching(/Z$/), completion_time: expect.stringMatching(/Z$/) },
      jobs: [
        { job_direction: 'DOWNLOAD', instanceId: source.id, infoMessage: '' },
        {
          ...{ job_direction: 'UPLOAD', instanceId: target.id },
          infoMessage: expect.stringMatching(/^ignored: .*\bID\b/),
        },
      ].map((one) => ({ ...one, id: expect.any(String), object_name: 'reports', ...done(7) })),
    })
    expect(BulkWorkflowReply.safeParse(newest).error).toBeUndefined()
    expect(await there('Copy')).toHaveLength(7)
    expect(await arrived('Copy')).toEqual(await there('Copy'))
  })

  it('is asked without a hub, too, and by names alone', async () => {
    const { fill, arrived, there, source, target, product, bulk } = stage
    await fill('Bare', 2)
    const headers = hub(product.admin, source.token)
    const query = `select * from reports where Name like 'Bare%'`
    const made = await ask(`${product.url}/bulk/workflows`, {
      headers,
      body: [{ query, targetConfiguration: { token: target.token } }],
    })
    expect(made.status, made.text).toBe(200)
    expect(await bulk.ended(made.json.id)).toMatchObject(done(2))
    const listed = await ask(`${product.url}/bulkloader?pageSize=1`, { headers })
    expect(listed.json).toMatchObject([{ groupName: made.json.id, ...done(2) }])
    expect(await arrived('Bare')).toEqual(await there('Bare'))
    const whole = { objectName: 'reports', from: '2999-01-01T00:00:00Z' }
    const none = await stage.start({ ...whole, targetConfiguration: { token: target.token } })
    expect(await stage.ended(none)).toMatchObject({
      ...done(0),
      jobs: [{ job_direction: 'DOWNLOAD', ...done(0) }],
    })
  })

  it('makes one group of several copies, of which each does as its method says', async () => {
    const { fill, copy, start, ended, arrived, there, target } = stage
    await fill('One', 3)
    await fill('Two', 4)
    const [{ Name } = { Name: '' }] = await there('Two')
    const before = await target.call('/reports', {
      method: 'POST',
      body: { Name, UserDefinedDate: '2020-02-02' },
    })
    expect(before.status, before.text).toBe(200)
    const byName = { identifierFieldName: 'Name' }
    const id = await start(copy('One'), copy('Two', { method: 'PUT', ...byName }))
    const workflow = await ended(id)
    expect(workflow).toMatchObject(done(7))
    expect(workflow.jobs).toHaveLength(4)
    expect(await arrived('One')).toEqual(await there('One'))
    expect(await arrived('Two')).toEqual(await there('Two'))
    expect((await stage.loader({ pageSize: '1' }))[0]).toEqual(workflow)
    const again = await start(copy('One', { method: 'patch', ...byName }))
    expect(await ended(again)).toMatchObject(done(3))
    expect(await arrived('One')).toHaveLength(3)
  })

  it('sorts and cuts as the query says before anything is copied', async () => {
    const { fill, copy, start, ended, arrived, there } = stage
    await fill('Sort', 6)
    const query = `select * from reports where Name like 'Sort%' order by Name desc limit 2`
    expect(await ended(await start(copy('', {}, { query })))).toMatchObject(done(2))
    expect(await arrived('Sort')).toEqual((await there('Sort')).slice(-2))
  })

  it('says of every row what targetConfiguration says besides, such as whose the new ones are', async () => {
    const { fill, copy, start, ended, product } = stage
    await fill('Whose', 2)
    const company = await companyInstance(product, product.admin)
    const user = 'admin@sandbox.example'
    expect(await ended(await start(copy('Whose', { token: company.token, user })))).toMatchObject(done(2))
    const all = await company.call('/reports', { query: { where: `Name like 'Whose%' and user = 'ALL'` } })
    const owners = all.json.map(({ OwnerLoginID }: { OwnerLoginID: string }) => OwnerLoginID)
    expect(owners.filter((owner: string) => owner === user)).toHaveLength(2)
    expect(owners).toHaveLength(4)
  })

  it('tells each row that the target did not take among the errors of its upload', async () => {
    const { fill, copy, start, ended, there, target } = stage
    await fill('Refuse', 5)
    for (const { Name } of (await there('Refuse')).slice(2)) {
      const made = await target.call('/reports', { method: 'POST', body: { Name } })
      expect(made.status, made.text).toBe(200)
    }
    const changed = copy('Refuse', { method: 'PATCH', identifierFieldName: 'Name' })
    const workflow = await ended(await start(changed))
    expect(workflow).toMatchObject(done(5, 2))
    const upload = workflow.jobs.at(-1).id
    const errors = await target.call(`/bulk/${upload}/errors`)
    expect(errors.json).toHaveLength(2)
    const rejects = await target.call(`/bulk/${upload}/rejects`)
    expect(rejects.text.trim().split('\n')).toHaveLength(2)
    expect(JSON.parse(rejects.text.split('\n')[0] ?? '')).toMatchObject({
      Name: expect.stringMatching(/^Refuse/),
    })
  })

  it('is seen by its own instance alone', async () => {
    const { target, loader, bulk } = stage
    const [{ id }] = await loader({ pageSize: '1' })
    expect((await bulk.call(`/${id}/status`)).status).toBe(200)
    expect((await target.call('/bulkloader')).json).toEqual([])
    expect((await target.call(`/bulk/${id}/status`)).status).toBe(404)
    expect((await target.call(`/bulk/${id}/cancel`, { method: 'PUT' })).status).toBe(404)
  })
})

describe('10/7 POST /bulk/workflows with Elements-Schedule-Request', () => {
  it('answers the id of a job, by which GET /bulkloader finds what its runs made', async () => {
    const { fill, copy, post, loader, until, arrived, there, product, target } = stage
    await fill('Plan', 3)
    const before = (await loader()).length
    const made = await post([copy('Plan', { method: 'PUT', identifierFieldName: 'Name' })], {
      'Elements-Schedule-Request': '0 0 3 * * ?',
    })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({ id: expect.stringMatching(/^\d+$/), trigger: { cron: '0 0 3 * * ?' } })
    const { id: jobId } = made.json
    expect(made.text).not.toContain(target.token)
    expect(await loader({ jobId })).toEqual([])
    expect(await loader()).toHaveLength(before)
    const later = await openLater(product)
    try {
      for (const runs of [1, 2]) {
        await later.run(jobId)
        for (let tries = 0; (await loader({ jobId })).length < runs && tries < 400; tries += 1)
          await sleep(25)
        const [newest, ...older] = await loader({ jobId })
        expect(older).toHaveLength(runs - 1)
        expect(newest).toMatchObject({ jobId })
        expect(newest.groupName).not.toBe(older[0]?.groupName)
        expect(await until(newest.groupName, ({ status }) => status === 'COMPLETED')).toMatchObject(done(3))
        expect(await arrived('Plan')).toEqual(await there('Plan'))
      }
      expect((await later.jobs(product.admin, `/${jobId}/history`)).json).toMatchObject([
        { status: 200 },
        { status: 200 },
      ])
    } finally {
      await later.close()
    }
    const first = await stage.source.call('/bulkloader', { query: { jobId, pageSize: '1' } })
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = await stage.source.call('/bulkloader', { query: { jobId, pageSize: '1', nextPage } })
    expect([...first.json, ...second.json]).toEqual(await loader({ jobId }))
    expect(second.headers['elements-next-page-token']).toBeUndefined()
  })

  it('is of no job where a client only says so', async () => {
    const { copy, post, loader } = stage
    const made = await post([copy('Nothing has this name')], { 'amalgam-job': '1' })
    expect(made.status, made.text).toBe(200)
    const [newest] = await loader({ pageSize: '1' })
    expect(newest.groupName).toBe(made.json.id)
    expect(newest).not.toHaveProperty('jobId')
    expect(await loader({ jobId: '99999' })).toEqual([])
    const wrong = await stage.source.call('/bulkloader', { query: { jobId: 'x' } })
    expect([wrong.status, wrong.json.message]).toEqual([400, expect.stringMatching(/^jobId: /)])
  })
})

describe('10/7 a workflow that is asked for wrongly', () => {
  const target = '[0].targetConfiguration'
  const refusals: Readonly<
    Record<string, readonly [ofTarget: object, more: object, words: string, second?: string]>
  > = {
    'an unknown object': [{}, { objectName: 'rports' }, '[0].objectName: ', "no resource 'rports'"],
    'an unknown object of the query': [
      {},
      { query: 'select * from rports', objectName: undefined },
      '[0].query: ',
      'Did you mean',
    ],
    'another object than that of the query': [
      {},
      { objectName: 'expenses' },
      '[0].objectName: it is expenses, but query reads reports',
    ],
    'an object that cannot be listed': [
      {},
      { query: undefined, objectName: 'quick-expenses' },
      '[0].objectName: Bulk download is not enabled for quick-expenses',
    ],
    'neither query nor object': [{}, { query: undefined, objectName: undefined }, '[0].query: missing'],
    'a query that is none': [{}, { query: 'select reports' }, '[0].query: '],
    'an unknown field': [{}, { query: 'select * from reports where Nmae = 1' }, '[0].query: ', 'Name'],
    'no moment': [{}, { from: 'yesterday' }, "[0].from: 'yesterday' is no moment"],
    'an object without dates': [
      {},
      { query: undefined, objectName: 'lists', from: '2026-01-01' },
      '[0].from, to: lists has no field',
    ],
    'another element': [{}, { elementKey: 'sfdc' }, '[0].elementKey: ', "not of 'sfdc'"],
    'a target of another element': [{ elementKey: 'sfdc' }, {}, `${target}.elementKey: `],
    'no token': [{ token: undefined }, {}, `${target}.token: send the Element token`],
    'a token that nothing has': [{ token: 'dead' }, {}, `${target}.token: no instance of your organization`],
    'a method that copies nothing': [{ method: 'DELETE' }, {}, `${target}.method: POST to create`],
    'a target that is only read': [
      { objectName: 'locations' },
      {},
      `${target}.objectName: Bulk upload is not enabled for locations`,
    ],
    'an unknown object of the target': [
      { objectName: 'rports' },
      {},
      `${target}.objectName: `,
      'Did you mean',
    ],
    'a method that the target has not': [
      { method: 'PUT', objectName: 'receipts' },
      {},
      `${target}.objectName: Bulk upload is not enabled for receipts`,
    ],
    'an unknown identifier': [
      { method: 'PUT', identifierFieldName: 'Nmae' },
      {},
      `${target}.identifierFieldName: `,
      'Name',
    ],
    'no target': [{}, { targetConfiguration: undefined }, `${target}: `],
    'a query that is no text': [{}, { query: 7 }, '[0].query: '],
  }
  it.each(Object.keys(refusals))('with %s is 400, and nothing is stored', async (what) => {
    const { post, copy, countJobs } = stage
    const [ofTarget, more, words, second = ''] = refusals[what] ?? [{}, {}, '', '']
    const before = await countJobs()
    const { status, json } = await post([copy('Copy', ofTarget, more)])
    expect([status, json.message]).toEqual([400, expect.stringContaining(words)])
    expect(json.message.indexOf(words)).toBe(0)
    expect(json.message).toContain(second)
    expect(await countJobs()).toBe(before)
  })

  it('is 400 with the number of the copy that is wrong, for all of them', async () => {
    const { post, copy, countJobs } = stage
    const before = await countJobs()
    const { status, json } = await post([copy('Copy'), copy('Copy', { token: 'dead' })])
    expect([status, json.message]).toEqual([
      400,
      expect.stringMatching(/^\[1\]\.targetConfiguration\.token: /),
    ])
    expect(await countJobs()).toBe(before)
  })
})
