import { type Database, openDatabase } from '#src/store/index.ts'
import type { Product } from './product.ts'

/** The product's database, beside the product. The caller closes it. */
export const openBeside = (product: Product): Promise<Database> =>
  openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )

/** Every value of every row of every table, as text. */
export const everyRow = async (product: Product): Promise<string> => {
  const db = await openBeside(product)
  try {
    const tables = await db.query<{ name: string }>({
      text: `select table_name as name from information_schema.tables where table_schema = 'public'`,
      values: [],
    })
    const rows: string[] = []
    for (const { name } of tables) {
      const found = await db.query<{ text: string }>({
        text: `select t::text as text from "${name}" t`,
        values: [],
      })
      rows.push(...found.map(({ text }) => text))
    }
    return rows.join('\n')
  } finally {
    await db.close()
  }
}
