import { buildElement } from '#src/built/index.ts'
import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { Vault } from '#src/lib/secret.ts'
import type { Scripts } from '#src/script/index.ts'
import type { ElementRow, Store } from '#src/store/index.ts'
import { cloneOf } from './clone.ts'
import { extendedElement } from './extended.ts'
import type { ListedElement, Posted, Viewer } from './listed.ts'
import { laidOver } from './operation-place.ts'
import { openDocument } from './secret-defaults.ts'
import { createSeen, type Seen } from './seen.ts'
import { isSeenBy } from './sight.ts'

export interface PostedNeed {
  readonly store: Pick<Store, 'elements' | 'accounts'>
  readonly scripts: Pick<Scripts, 'run'>
  readonly vault: Vault
}

/** What was read of one organization; typed data is made of it when it is first asked for. */
interface Organization {
  /** How many changes it had seen at least. */
  readonly changes: number
  readonly elementOf: (accountId: number, elementKey: string) => ListedElement | undefined
  readonly seenBy: (accountId: number) => Seen
}

/** Changes are told at once, by NOTIFY; this is for what was not heard. */
const keptMs = 1_800_000
const mostOrganizations = 10_000

const postedOf = (row: ElementRow, clonedFrom: Element | undefined): Posted => ({
  organizationId: row.organizationId,
  accountId: row.accountId,
  elementId: row.elementId,
  clonedFrom,
  originId: row.originId,
  document: row.document as ElementJson,
  active: row.active,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

/**
 * The element of a row.
 * @param extension resources that an account added besides.
 * @throws AppError `bad-request` where the document cannot be run.
 */
export const elementOfRow = (
  system: Seen,
  { scripts, vault }: Pick<PostedNeed, 'scripts' | 'vault'>,
  row: ElementRow,
  extension: readonly ElementOperationJson[] = [],
): ListedElement => {
  const { elementId: id, key, organizationId } = row
  const of = { id, key, organizationId, scripts }
  const document = openDocument(vault, row)
  const extended = extension.length === 0 ? {} : { extension }
  if (row.clonedFrom === null) {
    const resources = [...laidOver(document.resources ?? [], extension)]
    return { ...buildElement({ ...document, resources }, of), posted: postedOf(row, undefined), ...extended }
  }
  const base = system.find(row.clonedFrom)
  const resources = laidOver(document.resources ?? [], extension)
  const element = extendedElement(cloneOf(base, id, key, document), resources, of)
  return { ...element, posted: postedOf(row, base), ...extended }
}

/** An element with resources that an account of an organization added. @throws AppError `bad-request` naming what is wrong. */
export const withExtension = (
  scripts: PostedNeed['scripts'],
  organizationId: number,
  element: Element,
  extension: readonly ElementOperationJson[],
): ListedElement => {
  const of = { id: element.id, key: element.key, organizationId, scripts }
  return { ...extendedElement(element, extension, of), extension }
}

/** Elements that organizations posted, kept in memory; a warm look-up reads no row. */
export const createPosted = (need: PostedNeed, system: Seen) => {
  const { store, scripts } = need
  const kept = createClockCache<number, Organization>({ capacity: mostOrganizations, ttlMs: keptMs })
  const loading = new Map<number, Promise<Organization>>()
  /** Grows whenever something is forgotten, so that what was read before is not kept after it. */
  let forgotten = 0

  const read = async (organizationId: number): Promise<Organization> => {
    // Before the rows: they may be younger than it, never older.
    const changes = await store.elements.changes(organizationId)
    if (changes === 0) return { changes, elementOf: (_account, key) => system.get(key), seenBy: () => system }
    const [rows, extensions, shares, main] = await Promise.all([
      store.elements.list(organizationId),
      store.elements.extensions(organizationId),
      store.elements.shares(organizationId),
      store.accounts.defaultAccount(organizationId),
    ])
    const sight = { mainAccountId: main?.accountId, shares }
    const byKey = new Map(rows.map((row) => [row.key.toLowerCase(), row]))
    const made = new Map<string, ListedElement | AppError>()
    const seen = new Map<number, Seen>()

    const added = (accountId: number, elementId: number): readonly ElementOperationJson[] =>
      (extensions.find((one) => one.elementId === elementId && one.accountId === accountId)?.resources ??
        []) as readonly ElementOperationJson[]

    /** Made once; a document that can no longer be run fails whoever asks for it, and nobody else. */
    const once = (name: string, make: () => ListedElement): ListedElement => {
      const known = made.get(name)
      if (known instanceof AppError) throw known
      if (known !== undefined) return known
      try {
        const element = make()
        made.set(name, element)
        return element
      } catch (error) {
        // What is wrong with a document stays wrong; a key of the vault may come back.
        if (error instanceof AppError && error.code === 'bad-request') made.set(name, error)
        throw error
      }
    }

    const ofRow = (accountId: number, row: ElementRow): ListedElement => {
      const extension = added(accountId, row.elementId)
      const name = `${row.elementId}/${extension.length === 0 ? '' : accountId}`
      return once(name, () => elementOfRow(system, need, row, extension))
    }

    const ofSystem = (accountId: number, element: Element): ListedElement => {
      const extension = added(accountId, element.id)
      if (extension.length === 0) return element
      return once(`${element.id}/${accountId}`, () =>
        withExtension(scripts, organizationId, element, extension),
      )
    }

    const runnable = (make: () => ListedElement): readonly ListedElement[] => {
      try {
        return [make()]
      } catch (error) {
        if (error instanceof AppError) return []
        throw error
      }
    }

    return {
      changes,
      elementOf: (accountId, elementKey) => {
        const row = byKey.get(elementKey.toLowerCase())
        if (row !== undefined) return ofRow(accountId, row)
        const element = system.get(elementKey)
        return element === undefined ? undefined : ofSystem(accountId, element)
      },
      seenBy: (accountId) => {
        const known = seen.get(accountId)
        if (known !== undefined) return known
        const mine = createSeen([
          ...system.all().flatMap((element) => runnable(() => ofSystem(accountId, element))),
          ...rows
            .filter((row) => isSeenBy(sight, accountId, row))
            .flatMap((row) => runnable(() => ofRow(accountId, row))),
        ])
        seen.set(accountId, mine)
        return mine
      },
    }
  }

  const load = (organizationId: number): Promise<Organization> => {
    const running = loading.get(organizationId)
    if (running !== undefined) return running
    const before = forgotten
    const mine = read(organizationId)
      .then((organization) => {
        if (before === forgotten) kept.set(organizationId, organization)
        return organization
      })
      .finally(() => {
        if (loading.get(organizationId) === mine) loading.delete(organizationId)
      })
    loading.set(organizationId, mine)
    return mine
  }

  const organizationOf = (organizationId: number): Later<Organization> =>
    kept.get(organizationId) ?? load(organizationId)

  const forget = (organizationId: number): void => {
    forgotten += 1
    kept.delete(organizationId)
    loading.delete(organizationId)
  }

  /** As the database has it now: another process may have stored a change a moment ago. */
  const fresh = async (organizationId: number): Promise<Organization> => {
    const known = await organizationOf(organizationId)
    if ((await store.elements.changes(organizationId)) === known.changes) return known
    forget(organizationId)
    return load(organizationId)
  }

  return {
    forget,
    forgetAll: (): void => {
      forgotten += 1
      kept.clear()
      loading.clear()
    },
    /** What a viewer sees, as far as this process knows. */
    seenBy: ({ organizationId, accountId }: Viewer): Later<Seen> =>
      andThen(organizationOf(organizationId), (known) => known.seenBy(accountId)),
    /** The same as the database has it now, with one statement. */
    seenNow: async ({ organizationId, accountId }: Viewer): Promise<Seen> =>
      (await fresh(organizationId)).seenBy(accountId),
    /** The element of an instance, whether or not its account would be shown it today; undefined: there is none. */
    elementOf: (
      { organizationId, accountId }: Viewer,
      elementKey: string,
    ): Later<ListedElement | undefined> =>
      andThen(
        organizationOf(organizationId),
        (known) =>
          known.elementOf(accountId, elementKey) ??
          fresh(organizationId).then((now) => now.elementOf(accountId, elementKey)),
      ),
  }
}
