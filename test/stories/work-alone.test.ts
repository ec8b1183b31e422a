import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Later, openLater } from '../support/later.ts'
import { type Product, startProduct } from '../support/product.ts'
import { interrupt, startProgram } from '../support/program.ts'

let product: Product
let instance: Connected
let later: Later

beforeAll(async () => {
  product = await startProduct()
  instance = await userInstance(product, product.admin)
  later = await openLater(product)
})
afterAll(async () => {
  await later?.close()
  await product?.close()
})

it('a process whose bulk files would lie in another folder does not start beside one that lives', async () => {
  const { databaseUrl = '', dataDir } = product.config
  const keys = (await readFile(join(dataDir, 'encryption.key'), 'utf8')).trim()
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-elsewhere-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const environment = {
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: folder, LOG_LEVEL: 'error' },
    ...{ SANDBOX: 'off', ENCRYPTION_KEYS: keys },
  }
  const { code, stderr } = await startProgram(environment, ['work'], { readyWords: 'never said' }).ended
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^DATA_DIR: other processes on this database/)])
})

it('a process that only works runs what another one stored, and listens nowhere for it', async () => {
  const { databaseUrl = '', dataDir, sandbox } = product.config
  const environment = {
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    SANDBOX_PORT: String(sandbox?.port),
  }
  const program = startProgram(environment, ['work'], { readyWords: 'The worker runs.' })
  await program.ready
  const dispatched = await ask(`${product.url}/reports?pageSize=1`, {
    headers: {
      ...hub(product.admin, instance.token),
      'Elements-Async-Request': 'true',
      'Elements-Async-Callback-Url': 'http://127.0.0.1:9/result',
    },
  })
  expect(dispatched.status, dispatched.text).toBe(200)
  const { eventId } = dispatched.json
  while ((await later.call(eventId))?.state === 'waiting') await setTimeout(20)
  const [told] = await later.told(eventId)
  expect(told?.body.message).toMatchObject({ status: 200, response: [{}], instanceId: instance.id })
  const { code, stderr } = await interrupt(program)
  expect([code, stderr]).toEqual([0, ''])
})
