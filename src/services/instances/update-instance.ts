import { configOf, type Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { InstanceChange, InstanceRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type ListedElement, noElement } from '../catalogue/index.ts'
import { changesEvents, hasEvents, hastenPollers, storeEventSettings } from '../pollers/index.ts'
import { type Configuration, changedConfiguration, splitSecrets, withDefaults } from './configuration.ts'
import { type Granted, grantFor, requireKeptKeys, requireKeysFor, withoutSpent } from './connect.ts'
import { grantKey, grantRow } from './grant-record.ts'
import { type InstancesRoom, mask, noInstance, type Record } from './need.ts'
import type { Opener } from './open-instance.ts'
import { sealSecrets, wholeConfiguration } from './sealed.ts'
import { authOf, siteKeys, siteOf } from './site-of.ts'
import { cleanName, cleanTags } from './texts.ts'
import {
  type AskedConsent,
  accessTokenKey,
  type Consent,
  connectsMain,
  refreshTokenKey,
  wantedGrants,
} from './wanted.ts'

/** What a client wants to be different; absent parts stay. */
export interface ChangeInput {
  readonly name?: string | undefined
  /** Replaces all; an empty list clears. */
  readonly tags?: readonly string[] | undefined
  /** Laid over what is there. */
  readonly configuration?: Json | undefined
  readonly providerData?: JsonObject | undefined
  readonly element?: string | number | undefined
  readonly reAuthenticate?: boolean
  /** Of a consent that this server itself asked for. */
  readonly asked?: AskedConsent
  /** Runs in the transaction of the change. */
  readonly alsoStore?: (inside: Tables, instanceId: number) => Promise<void>
  /** Values of the configuration that are objects are merged, not replaced. */
  readonly deep: boolean
}

interface NextState {
  readonly row: InstanceChange
  readonly configuration: Configuration
}

/** Elements between which an instance may move: one, its clones, and theirs. */
const lineOf = ({ posted, id }: ListedElement): number => posted?.originId ?? id

/**
 * The element that an instance is to be of: its own, or another of the same line of clones (spec/behaviour.md 2).
 * @throws AppError `bad-request` for any other.
 */
const wantedElement = async (
  room: InstancesRoom,
  caller: Caller,
  element: ListedElement,
  wanted: string | number | undefined,
): Promise<ListedElement> => {
  const names = [element.key.toLowerCase(), String(element.id), ...element.formerIds.map(String)]
  if (wanted === undefined || names.includes(String(wanted).toLowerCase())) return element
  const other = (await room.catalogue.seenNow(caller)).get(wanted)
  if (other !== undefined && lineOf(other) === lineOf(element)) return other
  throw new AppError(
    'bad-request',
    `element: this instance belongs to ${element.key}; ${other === undefined ? 'there is no such element' : 'an instance moves only between an element and its clones'}. Create a new instance instead.`,
  )
}

/** A new text under this key; the mask is none. */
const isSent = (configuration: Json | undefined, key: string): boolean => {
  const value = (configuration as JsonObject | null | undefined)?.[key]
  return typeof value === 'string' && value !== mask && value.trim() !== ''
}

/** Tokens that were granted elsewhere; an access token alone where nothing renews it. */
const bringsTokens = (element: Element, row: InstanceRow, configuration: Json | undefined): boolean =>
  isSent(configuration, refreshTokenKey) ||
  (authOf(element, row.configuration).kind === 'oauth1' && isSent(configuration, accessTokenKey))

/** By what to connect again, as far as the client sent anything (spec/contract.md 2.2, re-authentication). */
const consentIn = (element: Element, row: InstanceRow, input: ChangeInput): Consent | undefined => {
  const { providerData, configuration, asked } = input
  const hasCode = typeof (providerData?.code ?? providerData?.oauth_verifier) === 'string'
  if (hasCode) return { providerData, external: false, ...(asked === undefined ? {} : { asked }) }
  if (bringsTokens(element, row, configuration)) return { providerData, external: true }
  const spent = configOf(element).filter((field) => field.spent === true)
  if (spent.some(({ key }) => isSent(configuration, key))) return { providerData, external: false }
  if (input.reAuthenticate !== true) return undefined
  return { providerData, external: row.externalAuthentication === 'initial' }
}

/** Whether another login than before is named. */
const changesLogin = (element: Element, before: Configuration, after: Configuration): boolean =>
  authOf(element, before).type !== authOf(element, after).type

const requireSameSite = (element: Element, before: Configuration, after: Configuration): void => {
  if (siteKeys.every((key) => before[key] === after[key]) || changesLogin(element, before, after)) return
  if (siteOf(element, before).key === siteOf(element, after).key) return
  throw new AppError(
    'bad-request',
    'configuration.site.address: a connection stays at its data centre. Send providerData.code of a consent at the other one too.',
  )
}

const nextState = (
  room: InstancesRoom,
  element: Element,
  row: InstanceRow,
  input: ChangeInput,
  consent: Consent | undefined,
): NextState => {
  const before = wholeConfiguration(room, row)
  const configuration = changedConfiguration(element, before, input.configuration, input.deep)
  const isMain = consent !== undefined && connectsMain(element, configuration, consent)
  const external = isMain ? consent.external : row.externalAuthentication === 'initial'
  if (isMain)
    requireKeysFor(element, withDefaults(element, configuration), external || consent.asked !== undefined)
  else if (input.configuration !== undefined) requireKeptKeys(element, before, configuration)
  if (consent === undefined) requireSameSite(element, before, configuration)
  const { plain, secret } = splitSecrets(element, withoutSpent(element, configuration))
  const { organizationId, instanceId } = row
  return {
    configuration,
    row: {
      organizationId,
      instanceId,
      elementKey: element.key,
      name: input.name === undefined ? row.name : cleanName(input.name),
      tags: input.tags === undefined ? row.tags : cleanTags(input.tags),
      configuration: plain,
      secretsSealed: sealSecrets(room, row, secret),
      externalAuthentication: external ? 'initial' : 'none',
    },
  }
}

const sameApplication = (one: Configuration, two: Configuration): boolean =>
  siteKeys.every((key) => one[key] === two[key])

/**
 * Asks the vendor for what the client wants to be connected by; a login that is newly named must be among it.
 * @throws AppError `bad-request` naming the field, `provider-refused` with the vendor's words.
 */
const grantsFor = async (
  room: InstancesRoom,
  element: Element,
  row: InstanceRow,
  configuration: Configuration,
  consent: Consent | undefined,
  record: Record,
): Promise<readonly Granted[]> => {
  const isNewLogin = changesLogin(element, wholeConfiguration(room, row), configuration)
  if (consent === undefined && !isNewLogin) return []
  const sent = consent ?? { providerData: undefined, external: false }
  const some = wantedGrants(room, element, configuration, sent, isNewLogin)
  const all = some.length > 0 ? some : wantedGrants(room, element, configuration, sent, true)
  const granted: Granted[] = []
  for (const wanted of all)
    granted.push(await grantFor(room, row.organizationId, element, configuration, wanted, record))
  return granted
}

/** Stores what was granted; a login that is no longer named takes its grant along. */
const storeGrants = async (
  room: InstancesRoom,
  inside: Tables,
  element: Element,
  row: InstanceRow,
  next: Configuration,
  granted: readonly Granted[],
): Promise<void> => {
  const before = authOf(element, wholeConfiguration(room, row))
  const after = authOf(element, next)
  if (before.type !== after.type && before.principal !== after.principal)
    await inside.grants.remove(grantKey(row, before.principal))
  for (const { auth, client, grant } of granted)
    await inside.grants.put(grantRow(room, grantKey(row, auth.principal), { element, auth, client }, grant))
}

/** Stores an instance as it is to be; what polls it and who hears of it follow where they differ. */
const storeChanged = async (
  inside: Tables,
  element: ListedElement,
  found: InstanceRow,
  before: Configuration,
  { row, configuration }: NextState,
): Promise<InstanceRow> => {
  const { organizationId, instanceId, elementKey } = row
  const moves = elementKey !== found.elementKey
  if (moves && element.posted !== undefined && !(await inside.elements.hold(organizationId, element.id)))
    throw noElement(elementKey)
  if (moves)
    await inside.transformations.moveInstance(organizationId, instanceId, found.elementKey, elementKey)
  const changed = await inside.instances.update(row)
  const movesEvents = moves && (hasEvents(before) || hasEvents(configuration))
  if (movesEvents || changesEvents(before, configuration))
    await storeEventSettings(inside, changed, element, configuration)
  return changed
}

/** Whether calls to the vendor may go otherwise than before. */
const isOther = (before: Configuration, { configuration, row }: NextState, found: InstanceRow): boolean =>
  row.elementKey !== found.elementKey ||
  [...new Set([...Object.keys(before), ...Object.keys(configuration)])].some(
    (key) => (before[key] ?? null) !== (configuration[key] ?? null),
  )

/** The row, held; it is still the caller's, and of the element that was looked at. @throws AppError `not-found`, `conflict`. */
const lockSame = async (inside: Tables, caller: Caller, found: InstanceRow): Promise<InstanceRow> => {
  const { organizationId, instanceId, elementKey } = found
  const row = await inside.instances.lock(organizationId, instanceId)
  if (row === undefined || row.userId !== caller.userId) throw noInstance(instanceId)
  if (row.elementKey === elementKey) return row
  throw new AppError(
    'conflict',
    `Instance ${instanceId} was moved to ${row.elementKey} meanwhile. Read it again, and send the change once more.`,
  )
}

/**
 * Changes an instance, and connects it again when a code is sent: id and token stay. The vendor is asked
 * before the transaction; everything is stored in it, over the row as it is then, so that changes at the
 * same time do not lose each other's keys and one that is cut off leaves all as it was.
 * @throws AppError `bad-request` naming the field, `not-found`, `conflict`, `provider-refused`.
 */
export const updateInstance =
  (room: InstancesRoom, opener: Opener) =>
  async (caller: Caller, found: InstanceRow, input: ChangeInput, record: Record): Promise<InstanceRow> => {
    const { instanceId } = found
    const element = await wantedElement(room, caller, await room.catalogue.elementOf(found), input.element)
    const consent = consentIn(element, found, input)
    const planned = nextState(room, element, found, input, consent)
    const asked = withDefaults(element, planned.configuration)
    const granted = await grantsFor(room, element, found, asked, consent, record)
    return opener.change(instanceId, async (inside) => {
      const row = await lockSame(inside, caller, found)
      const next = nextState(room, element, row, input, consent)
      if (granted.length > 0) {
        if (!sameApplication(planned.configuration, next.configuration)) {
          throw new AppError(
            'conflict',
            `Instance ${instanceId} got another application or data centre meanwhile. Ask for a new code and send the request again.`,
          )
        }
        await storeGrants(room, inside, element, row, next.configuration, granted)
      } else if (changesLogin(element, wholeConfiguration(room, row), next.configuration)) {
        throw new AppError(
          'conflict',
          `Instance ${instanceId} got another login meanwhile. Read it again, and send the change once more.`,
        )
      }
      await input.alsoStore?.(inside, instanceId)
      const before = wholeConfiguration(room, row)
      const changed = await storeChanged(inside, element, row, before, next)
      if (granted.length > 0 || isOther(before, next, row)) await hastenPollers(inside, row)
      return changed
    })
  }
