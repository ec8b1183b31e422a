import { createHash } from 'node:crypto'
import type { Fault } from './faults.ts'
import type { ObjectName } from './properties.ts'
import type { CrmRecord } from './records.ts'

export interface Code {
  readonly client: string
  readonly redirectUri: string
  readonly login: string
  readonly scope: string
  readonly expiresAt: number
}

export interface Token {
  readonly client: string
  readonly login: string
  readonly scope: string
  /** Null: it does not end. */
  readonly expiresAt: number | null
}

/** What can happen; a state file holds a list of these. Codes and tokens stand under their SHA-256. */
export type Event =
  | { readonly kind: 'clock'; readonly addSeconds: number }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'code'; readonly hash: string; readonly code: Code }
  | { readonly kind: 'code-used'; readonly hash: string }
  | { readonly kind: 'access'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'refresh'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'put'; readonly object: ObjectName; readonly record: CrmRecord }
  | { readonly kind: 'archived'; readonly object: ObjectName; readonly id: number }

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Everything that the sandbox knows. `append` keeps an event before anybody is told of it. */
export const createState = (append: (event: Event) => void) => {
  const codes = new Map<string, Code>()
  const access = new Map<string, Token>()
  const refresh = new Map<string, Token>()
  const tables: Record<ObjectName, Map<number, CrmRecord>> = { contacts: new Map(), companies: new Map() }
  /** What callers made of the records; null: archived. */
  const changed: Record<ObjectName, Map<number, CrmRecord | null>> = {
    contacts: new Map(),
    companies: new Map(),
  }
  const memory = { offsetSeconds: 0, faults: [] as readonly Fault[], greatestId: 0 }

  const put = (object: ObjectName, record: CrmRecord): void => {
    tables[object].set(record.id, record)
    memory.greatestId = Math.max(memory.greatestId, record.id)
  }

  const apply = (event: Event): void => {
    switch (event.kind) {
      case 'clock':
        memory.offsetSeconds += event.addSeconds
        return
      case 'faults':
        memory.faults = event.faults
        return
      case 'code':
        codes.set(event.hash, event.code)
        return
      case 'code-used':
        codes.delete(event.hash)
        return
      case 'access':
        access.set(event.hash, event.token)
        return
      case 'refresh':
        refresh.set(event.hash, event.token)
        return
      case 'revoked':
        access.clear()
        refresh.clear()
        return
      case 'put':
        put(event.object, event.record)
        changed[event.object].set(event.record.id, event.record)
        return
      case 'archived':
        tables[event.object].delete(event.id)
        changed[event.object].set(event.id, null)
        memory.greatestId = Math.max(memory.greatestId, event.id)
        return
    }
  }

  /** What a fresh state file would need. */
  const live = (): readonly Event[] => {
    const now = Date.now() + memory.offsetSeconds * 1_000
    const ends = ({ expiresAt }: { readonly expiresAt: number | null }) =>
      expiresAt !== null && expiresAt <= now
    const objects: readonly ObjectName[] = ['contacts', 'companies']
    return [
      { kind: 'clock', addSeconds: memory.offsetSeconds },
      { kind: 'faults', faults: memory.faults },
      ...[...codes]
        .filter(([, code]) => !ends(code))
        .map(([hash, code]): Event => ({ kind: 'code', hash, code })),
      ...[...access]
        .filter(([, token]) => !ends(token))
        .map(([hash, token]): Event => ({ kind: 'access', hash, token })),
      ...[...refresh].map(([hash, token]): Event => ({ kind: 'refresh', hash, token })),
      ...objects.flatMap((object) =>
        [...changed[object]].map(
          ([id, record]): Event =>
            record === null ? { kind: 'archived', object, id } : { kind: 'put', object, record },
        ),
      ),
    ]
  }

  return {
    ...{ live },
    ...{ codes, access, refresh, memory, apply },
    /** Records in the order of their ids: none is ever put before another that was there. */
    records: (object: ObjectName): readonly CrmRecord[] => [...tables[object].values()],
    record: (object: ObjectName, id: number): CrmRecord | undefined => tables[object].get(id),
    seed: (object: ObjectName, records: readonly CrmRecord[]): void => {
      for (const record of records) put(object, record)
    },
    /** An id that no record ever had. */
    nextId: (): number => memory.greatestId + 1,
    happened: (event: Event): void => {
      append(event)
      apply(event)
    },
  }
}

export type State = ReturnType<typeof createState>
