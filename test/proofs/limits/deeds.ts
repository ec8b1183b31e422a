import { type Answer, type AskOptions, ask } from '../../support/client.ts'
import type { Random } from '../support/random.ts'
import { type Books, changedName, type Made } from './books.ts'

/** Rows that were at the vendor before, as a vendor that does not fail shows them. */
export interface Known {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly json: unknown
}

/** Whose calls these are: one after another, on one instance, at one process. */
export interface Caller {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Rows of its own that are there for certain. */
  readonly reports: Made[]
  readonly expenses: Made[]
}

/** One hub call that is to be sent. */
export interface Deed {
  readonly path: string
  readonly options: AskOptions
  /** Looks at an answer of 200. @returns what is wrong with it. */
  readonly right: (answer: Answer) => string | undefined
  /** Notes what came of it. */
  readonly note?: (answer: Answer) => void
}

export interface Scene {
  readonly caller: Caller
  readonly random: Random
  /** A name that no other row has. */
  readonly name: string
  readonly known: { readonly lists: readonly Known[]; readonly rows: readonly Known[] }
  readonly books: Books
}

/** A call of some kind; undefined: there is nothing yet to do it with. */
type Maker = (scene: Scene) => Deed | undefined

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const knownDeed = ({ path, query, json }: Known): Deed => ({
  path,
  options: { query },
  right: (answer) => (same(answer.json, json) ? undefined : `shows other rows: ${answer.text.slice(0, 200)}`),
})

/** A write whose row could not be read back shows its id alone, and says so. */
const shows = (answer: Answer, field: string, value: string): string | undefined => {
  const isBare = String(answer.headers['elements-error'] ?? '').includes('not read back')
  if (typeof answer.json?.id !== 'string' || answer.json.id === '')
    return `has no id: ${answer.text.slice(0, 200)}`
  if (isBare || answer.json[field] === value) return undefined
  return `${field} is '${answer.json[field]}', not '${value}'`
}

const createDeed = (
  { books, name, caller }: Scene,
  kind: Made['kind'],
  path: string,
  field: string,
  body: object,
): Deed => ({
  path,
  options: { body },
  right: (answer) => shows(answer, field, name),
  note: ({ status, json }) => {
    const sure = status === 200
    const row: Made = {
      kind,
      name,
      sure,
      retryable: json?.retryable === true,
      id: sure ? json.id : undefined,
    }
    books.add(row)
    if (sure) (kind === 'report' ? caller.reports : caller.expenses).push(row)
  },
})

const changeDeed = (row: Made | undefined, path: string, field: string): Deed | undefined => {
  if (row?.id === undefined) return undefined
  const value = changedName(row.name)
  return {
    path: `${path}/${encodeURIComponent(row.id)}`,
    options: { method: 'PATCH', body: { [field]: value } },
    right: (answer) => shows(answer, field, value),
    note: ({ status }) => {
      row.changed = status === 200 ? 'yes' : 'perhaps'
    },
  }
}

/** Rows are changed once: an attempt that the vendor works on late may otherwise undo a later change. */
const unchanged = (rows: readonly Made[], random: Random): Made | undefined => {
  const fresh = rows.filter(({ changed }) => changed === undefined)
  return fresh.length === 0 ? undefined : random.pick(fresh)
}

const removeDeed = ({ caller, random }: Scene): Deed | undefined => {
  if (caller.expenses.length === 0) return undefined
  const at = random.int(caller.expenses.length)
  const [row] = caller.expenses.splice(at, 1)
  if (row?.id === undefined) return undefined
  return {
    path: `expenses/${encodeURIComponent(row.id)}`,
    options: { method: 'DELETE' },
    right: ({ text }) => (text === '' ? undefined : `says ${text.slice(0, 200)}`),
    note: ({ status }) => {
      row.removed = status === 200 ? 'yes' : 'perhaps'
    },
  }
}

const ownDeed = (rows: readonly Made[], random: Random, path: string, field: string): Deed | undefined => {
  const [row] = rows.length === 0 ? [] : [random.pick(rows)]
  if (row?.id === undefined) return undefined
  const right = (answer: Answer): string | undefined => {
    const now = answer.json?.[field]
    const could = row.changed === 'yes' ? [changedName(row.name)] : [row.name, changedName(row.name)]
    return could.includes(now) ? undefined : `${field} is '${now}', not one of '${could.join("', '")}'`
  }
  return { path: `${path}/${encodeURIComponent(row.id)}`, options: {}, right }
}

/** The mix: how often each kind of call is made, out of all. Another resource is more lines here. */
const mix: readonly { readonly kind: string; readonly weight: number; readonly make: Maker }[] = [
  { kind: 'list', weight: 20, make: ({ known, random }) => knownDeed(random.pick(known.lists)) },
  { kind: 'get', weight: 15, make: ({ known, random }) => knownDeed(random.pick(known.rows)) },
  {
    kind: 'get own report',
    weight: 5,
    make: ({ caller, random }) => ownDeed(caller.reports, random, 'reports', 'Name'),
  },
  {
    kind: 'get own expense',
    weight: 5,
    make: ({ caller, random }) => ownDeed(caller.expenses, random, 'expenses', 'Description'),
  },
  {
    kind: 'create report',
    weight: 12,
    make: (scene) => createDeed(scene, 'report', 'reports', 'Name', { Name: scene.name }),
  },
  {
    kind: 'change report',
    weight: 8,
    make: ({ caller, random }) => changeDeed(unchanged(caller.reports, random), 'reports', 'Name'),
  },
  {
    kind: 'create expense',
    weight: 15,
    make: (scene) => {
      const { reports } = scene.caller
      if (reports.length === 0) return undefined
      return createDeed(scene, 'expense', 'expenses', 'Description', {
        ReportID: scene.random.pick(reports).id,
        ExpenseTypeCode: 'TAXIX',
        PaymentTypeID: 'pt$01',
        TransactionDate: '2026-01-02',
        TransactionCurrencyCode: 'EUR',
        TransactionAmount: 7,
        Description: scene.name,
      })
    },
  },
  {
    kind: 'change expense',
    weight: 8,
    make: ({ caller, random }) => changeDeed(unchanged(caller.expenses, random), 'expenses', 'Description'),
  },
  { kind: 'remove expense', weight: 12, make: removeDeed },
]

const weights = mix.reduce((sum, { weight }) => sum + weight, 0)

/** A call of the mix, by chance; another one where there is nothing to do it with yet. */
export const pickDeed = (scene: Scene): { readonly kind: string; readonly deed: Deed } => {
  for (;;) {
    let at = scene.random.int(weights)
    const found = mix.find(({ weight }) => {
      at -= weight
      return at < 0
    })
    const deed = found?.make(scene)
    if (found !== undefined && deed !== undefined) return { kind: found.kind, deed }
  }
}

/** Sends it, and measures it. */
export const send = async ({ url, headers }: Caller, { path, options }: Deed) => {
  const startedAtMs = performance.now()
  const answer = await ask(`${url}/hubs/expense/${path}`, { ...options, headers: { ...headers } })
  return { answer, ms: performance.now() - startedAtMs }
}
