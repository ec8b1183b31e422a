import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, hub } from '../../support/client.ts'
import { randomOf } from '../support/random.ts'
import { createTally, inParallel, proofRun } from '../support/run.ts'
import { type Line, openLine } from './line.ts'
import { faultOfReply } from './replies.ts'
import type { Live } from './request-words.ts'
import { bytesOf, malformedRequest } from './requests.ts'
import { openStage, type Stage } from './stage.ts'

const run = proofRun('fuzz')
const fullCount = 80_000
const lanes = 12
/** Malformed calls may disable or delete the instance; it is looked after this often. */
const casesBetweenLooks = 500

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

test(
  'every malformed request gets JSON with a request id, none a 500, and the product works at the end',
  async () => {
    const count = run.share(fullCount)
    const statuses = createTally()
    const wrongs = createTally()
    const failures: string[] = []
    const lines = new Map<number, Line>()
    let live: Live = await stage.live()

    const runCase = async (number: number, lane: number): Promise<void> => {
      if (failures.length >= 20) return
      if (number % casesBetweenLooks === casesBetweenLooks - 1) live = await stage.live()
      const line = lines.get(lane) ?? openLine(stage.port)
      lines.set(lane, line)
      const request = malformedRequest(randomOf(run.seed, 'request', number), live)
      for (const name of request.wrong) wrongs.add(name)
      const isHead = request.method === 'HEAD'
      const fault = await line.ask(bytesOf(request), isHead).then(
        (reply) => {
          statuses.add(reply.status)
          return faultOfReply(reply, isHead)
        },
        (error: unknown) => String(error),
      )
      if (fault === undefined) return
      const { method, target, body, wrong } = request
      failures.push(
        `case ${number} (${wrong.join(', ')}): ${fault}\n  ${method} ${JSON.stringify(target.slice(0, 400))} ${JSON.stringify(body?.toString('latin1').slice(0, 400))}`,
      )
    }

    await inParallel(count, lanes, runCase)
    for (const line of lines.values()) line.close()
    run.say(`${count.toLocaleString('en')} malformed requests; statuses ${statuses.text()}`)
    run.say(`wrong in them: ${wrongs.text()}`)
    if (failures.length > 0) throw run.failure(failures)
    await stage.checkSound()
    if (count < 1_000) return
    // The generator must reach the refusals of every room, not one of them only.
    for (const status of [200, 400, 401, 404, 405, 406, 415]) {
      expect(statuses.of(status), String(status)).toBeGreaterThan(count / 2_000)
    }
  },
  run.timeoutMs,
)

test('a query nested 200 deep is read, one nested deeper is 400', async () => {
  const { element } = await stage.live()
  const asked = (depth: number) =>
    ask(`${stage.product.url}/hubs/expense/reports`, {
      headers: hub(stage.product.admin, element),
      query: { where: `${'('.repeat(depth)}Total > 0${')'.repeat(depth)}`, pageSize: '1' },
    })
  expect((await asked(200)).status).toBe(200)
  const refused = await asked(201)
  expect(refused.status).toBe(400)
  expect(refused.json.message).toContain('200 levels')
})

test('a vendor elsewhere is not reached from here, and that is 502', async () => {
  const { user, organization } = await stage.live()
  const reply = await ask(`${stage.product.url}/instances`, {
    headers: { authorization: `User ${user}, Organization ${organization}` },
    body: {
      name: 'Elsewhere',
      element: { key: 'concur' },
      configuration: {
        'oauth.api.key': 'k',
        'oauth.api.secret': 's',
        'oauth.callback.url': 'http://127.0.0.1:9/',
      },
      providerData: { code: 'c' },
    },
  })
  expect(reply.status, reply.text).toBe(502)
  expect(reply.json.code).toBe('provider-unreachable')
  expect(reply.json.message).toContain('ENETUNREACH')
})
