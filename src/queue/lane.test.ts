import { expect, onTestFinished, test } from 'vitest'
import { openBench, things } from '../../test/support/due-table.ts'

test('claims begin small and double while more is due, also after a lull', async () => {
  const { db, queue } = await openBench()
  const tokens: string[] = []
  const worker = queue.worker([
    {
      table: things,
      parallel: 500,
      batch: 150,
      run: ({ token }) => {
        tokens.push(token)
        return Promise.resolve(null)
      },
    },
  ])
  onTestFinished(() => worker.stop())
  const addMany = (name: string, count: number) =>
    db.query({
      text: `insert into things (organization_id, thing, due_at)
        select 7, $1 || n, now() from generate_series(1, $2) as n`,
      values: [name, count],
    })
  /** How many rows were claimed by each statement that found any, in their order. */
  const sizes = (): readonly number[] => {
    const counts = new Map<string, number>()
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
    return [...counts.values()]
  }
  await addMany('first', 500)
  await worker.start()
  await expect.poll(() => tokens.length, { timeout: 5_000 }).toBe(500)
  expect(sizes()).toEqual([64, 128, 150, 150, 8])
  tokens.length = 0
  await addMany('second', 100)
  await expect.poll(() => tokens.length, { timeout: 5_000 }).toBe(100)
  expect(sizes()).toEqual([64, 36])
})
