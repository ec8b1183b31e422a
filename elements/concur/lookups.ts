import { isRecord, type Json, type JsonObject, type VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'

/**
 * Ids of v3 for rows of v4, where SAP Concur still gives them: writes of v3 are documented with its own ids, and
 * whether they take those of v4 is not (spec/concur.md 8). Compared 2026-08.
 */

const minutes = 10 * 60

/** Rows under a name of a reply. */
export const rowsIn = (body: Json | undefined, name: string): readonly JsonObject[] => {
  const rows = isRecord(body) ? body[name] : undefined
  if (Array.isArray(rows)) return rows.filter(isRecord)
  return isRecord(rows) ? [rows] : []
}

export const textOf = (row: JsonObject | undefined, name: string): string | undefined => {
  const value = row?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AppError &&
  (error.code === 'provider-denied' ||
    error.code === 'provider-not-found' ||
    error.code === 'provider-refused')

/**
 * What a deprecated API says; undefined where it is shut or not allowed.
 * @throws AppError on a failure that may pass, such as a limit or a timeout: a row without its id would be a wrong answer.
 */
export const ifStillThere = async <Value>(ask: () => Promise<Value>): Promise<Value | undefined> => {
  try {
    return await ask()
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/**
 * Ids of v3 of the payment types, by their names, out of Expense Group Configurations v3 (deprecated 2025-06-26); none
 * where it is shut or not allowed.
 */
export const paymentTypeIds = async (port: VendorPort): Promise<Readonly<Record<string, string>>> =>
  port.remember('payment-types', minutes, async () => {
    const reply = await ifStillThere(() =>
      port.ask({
        method: 'GET',
        path: '/api/v3.0/expense/expensegroupconfigurations',
        query: { limit: '100' },
        scopes: ['CONFIG'],
      }),
    )
    const types = rowsIn(reply?.body, 'Items').flatMap((group) => rowsIn(group, 'PaymentTypes'))
    return Object.fromEntries(
      types.flatMap((type): [string, string][] => {
        const [name, id] = [textOf(type, 'Name'), textOf(type, 'ID')]
        return name === undefined || id === undefined ? [] : [[name, id]]
      }),
    )
  })

const mostAtOnce = 4

/** Does something with each, four at a time. */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += mostAtOnce)
    results.push(...(await Promise.all(items.slice(at, at + mostAtOnce).map(run))))
  return results
}
