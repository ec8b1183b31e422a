import { setTimeout as sleep } from 'node:timers/promises'
import { type AskOptions, ask } from '../../../support/client.ts'
import type { Random } from '../../support/random.ts'
import type { Vendor } from '../../support/vendor.ts'

/** Reports tell when they changed; lists do not, but can be removed. */
export type ObjectType = 'reports' | 'lists'

/** What an object of the vendor was from one change to the next. Times are those of this machine. */
export interface Version {
  readonly type: ObjectType
  readonly id: string
  /** From 1. */
  readonly number: number
  /** No other version has the same. Null: it was removed. */
  readonly name: string | null
  /** It became visible between these two moments. */
  readonly askedAtMs: number
  readonly madeAtMs: number
}

const most: Readonly<Record<ObjectType, number>> = { reports: 40, lists: 25 }
const pauseMs = { least: 40, spread: 160 }

export type Ledger = Awaited<ReturnType<typeof openLedger>>

/** Changes objects at the vendor, without the product, and keeps what each was and when. */
export const openLedger = async (vendor: Vendor, random: Random) => {
  const headers = await vendor.caller()
  const objects = new Map<string, Version[]>()
  let count = 0

  const send = async (path: string, options: AskOptions): Promise<string | undefined> => {
    const reply = await ask(`${vendor.url}${path}`, { headers, ...options })
    if (reply.status < 200 || reply.status > 299)
      throw new Error(`the vendor answered ${reply.status} to ${options.method} ${path}: ${reply.text}`)
    return reply.json?.ID ?? reply.json?.id
  }

  const keep = (version: Version): void => {
    const key = `${version.type}/${version.id}`
    objects.set(key, [...(objects.get(key) ?? []), version])
  }

  const bodyOf = (type: ObjectType, name: string) => (type === 'reports' ? { Name: name } : { value: name })
  const pathOf = (type: ObjectType): string =>
    type === 'reports' ? '/api/v3.0/expense/reports' : '/list/v4/lists'

  const create = async (type: ObjectType): Promise<void> => {
    count += 1
    const name = `${type} ${count} as of 1`
    const askedAtMs = Date.now()
    const id = await send(pathOf(type), { method: 'POST', body: bodyOf(type, name) })
    if (id === undefined) throw new Error('the vendor names no id')
    keep({ type, id, number: 1, name, askedAtMs, madeAtMs: Date.now() })
  }

  const update = async ({ type, id, number, name }: Version): Promise<void> => {
    const next = String(name).replace(/\d+$/, String(number + 1))
    const askedAtMs = Date.now()
    await send(`${pathOf(type)}/${id}`, { method: 'PUT', body: bodyOf(type, next) })
    keep({ type, id, number: number + 1, name: next, askedAtMs, madeAtMs: Date.now() })
  }

  const remove = async ({ type, id, number }: Version): Promise<void> => {
    const askedAtMs = Date.now()
    await send(`${pathOf(type)}/${id}`, { method: 'DELETE' })
    keep({ type, id, number: number + 1, name: null, askedAtMs, madeAtMs: Date.now() })
  }

  const change = (): Promise<void> => {
    const type: ObjectType = random.once(4) ? 'lists' : 'reports'
    const there = [...objects.values()]
      .flatMap((versions) => versions.slice(-1))
      .filter((version) => version.type === type && version.name !== null)
    if (there.length < 3 || (there.length < most[type] && random.once(6))) return create(type)
    const one = random.pick(there)
    return type === 'lists' && random.once(8) ? remove(one) : update(one)
  }

  return {
    /** By type and id, each in its order. */
    objects: (): ReadonlyMap<string, readonly Version[]> => objects,
    /** One change after the other until it is told to stop. */
    run: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await change()
        await sleep(pauseMs.least + random.int(pauseMs.spread))
      }
    },
  }
}
