import { expect, it } from 'vitest'
import type { JsonObject } from '#src/lib/json.ts'
import { createColumns } from './columns.ts'
import { csvOf } from './csv.ts'

const csvText = async (records: readonly JsonObject[]): Promise<string> => {
  const columns = createColumns([])
  for (const record of records) columns.note(record)
  async function* each(): AsyncGenerator<JsonObject> {
    yield* records
  }
  const pieces: Buffer[] = []
  for await (const piece of csvOf(columns.names(), each())) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

it('has a column for each cell that a record is written in, objects that cannot be parted among them', async () => {
  const records = [
    { ID: '1', Owner: { Name: 'A', Home: { City: 'B' } }, Empty: {}, Nothing: null },
    { ID: '2', Odd: { 'a.b': 1, '': 2 }, List: [1, { two: 2 }] },
  ]
  const lines = [
    'ID,Owner.Name,Owner.Home.City,Empty,Nothing,Odd,List\n',
    '1,A,B,{},,,\n',
    '2,,,,,"{""a.b"":1,"""":2}","[1,{""two"":2}]"\n',
  ]
  expect(await csvText(records)).toBe(lines.join(''))
})
