import type { Database } from '#src/store/index.ts'

/** A secret and what the test calls it. */
export interface Planted {
  readonly name: string
  readonly value: string
}

/** Base64 of a text that stands at any place in a longer one, without the characters that its neighbours share. */
const inBase64 = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const from = shift === 0 ? 0 : 4
    const whole = Math.floor(((shift + bytes.length) * 8) / 24) * 4
    return text.slice(from, whole)
  })

/** How a secret may lie somewhere: as it is, percent-encoded, in JSON, in hex, in base64 within anything. */
const spellings = (value: string): readonly string[] => {
  const bytes = Buffer.from(value, 'utf8')
  const base64 = inBase64(bytes)
  return [
    value,
    encodeURIComponent(value),
    encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ x: value }).toString().slice(2),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter((text) => text.length >= 8)
}

const known = new Map<string, readonly string[]>()

const spellingsOf = (value: string): readonly string[] => {
  const found = known.get(value) ?? spellings(value)
  known.set(value, found)
  return found
}

/** The names of the secrets that stand in a text, in any spelling. */
export const leaksIn = (text: string, planted: readonly Planted[]): readonly string[] =>
  planted
    .filter(({ value }) => spellingsOf(value).some((spelling) => text.includes(spelling)))
    .map(({ name }) => name)

/** Every value of every column of every table: as PostgreSQL writes it, and the bytes of each `bytea` as text. */
export const everyValue = async (db: Database): Promise<readonly { place: string; text: string }[]> => {
  const columns = await db.query<{ table: string; column: string; type: string }>({
    text: `select table_name as "table", column_name as "column", data_type as type
      from information_schema.columns where table_schema = 'public'`,
    values: [],
  })
  const found: { place: string; text: string }[] = []
  for (const { table, column, type } of columns) {
    const rows = await db.query<{ text: string; bytes: Buffer | null }>({
      text: `select "${column}"::text as text, ${type === 'bytea' ? `"${column}"` : 'null::bytea'} as bytes
        from "${table}" where "${column}" is not null`,
      values: [],
    })
    const place = `${table}.${column}`
    found.push(
      ...rows.flatMap(({ text, bytes }) => [
        { place, text },
        ...(bytes === null ? [] : [{ place, text: bytes.toString('latin1') }]),
      ]),
    )
  }
  return found
}
