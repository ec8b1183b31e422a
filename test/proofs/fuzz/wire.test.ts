import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomOf } from '../support/random.ts'
import { createTally, inParallel, proofRun } from '../support/run.ts'
import { sendAndListen } from './line.ts'
import { faultOfReply, nextReply } from './replies.ts'
import { openStage, type Stage } from './stage.ts'
import { wireBytes } from './wire-bytes.ts'

const run = proofRun('fuzz')
const fullCount = 20_000
const lanes = 48
const casesBetweenLooks = 500

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** What is wrong with everything that came back on one socket; tells the statuses. */
const faultOfAnswer = (
  answer: Buffer,
  sent: Buffer,
  onStatus: (status: number) => void,
): string | undefined => {
  const mayLackBody = sent.includes('HEAD ')
  for (let from = 0; from < answer.length; ) {
    const next = nextReply(answer, from, mayLackBody)
    if (next === undefined || next === null) {
      return `not an HTTP reply: ${JSON.stringify(answer.subarray(from, from + 200).toString('latin1'))}`
    }
    from = next.end
    if (next.reply.status < 200) continue
    onStatus(next.reply.status)
    const fault = faultOfReply(next.reply, next.bodyless)
    if (fault !== undefined) return fault
  }
  return undefined
}

test(
  'whatever bytes come, the socket is closed after JSON with a request id, or at once, and the product works at the end',
  async () => {
    const count = run.share(fullCount)
    const statuses = createTally()
    const kinds = createTally()
    const failures: string[] = []
    let live = await stage.live()

    await inParallel(count, lanes, async (number) => {
      if (failures.length >= 20) return
      if (number % casesBetweenLooks === casesBetweenLooks - 1) live = await stage.live()
      const random = randomOf(run.seed, 'wire', number)
      const { kind, bytes } = wireBytes(random, live)
      kinds.add(kind)
      const fault = await sendAndListen(stage.port, bytes, random.once(3)).then(
        (answer) => {
          if (answer.length === 0) statuses.add('closed')
          return faultOfAnswer(answer, bytes, statuses.add)
        },
        (error: unknown) => String(error),
      )
      if (fault !== undefined) {
        failures.push(
          `case ${number} (${kind}): ${fault}\n  ${JSON.stringify(bytes.toString('latin1').slice(0, 600))}`,
        )
      }
    })

    run.say(`${count.toLocaleString('en')} sockets with malformed bytes; answers ${statuses.text()}`)
    run.say(`kinds of them: ${kinds.text()}`)
    if (failures.length > 0) throw run.failure(failures)
    await stage.checkSound()
    if (count < 1_000) return
    for (const status of [200, 400, 405, 431]) {
      expect(statuses.of(status), String(status)).toBeGreaterThan(count / 2_000)
    }
  },
  run.timeoutMs,
)
