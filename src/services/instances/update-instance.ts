import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { InstanceChange, InstanceRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type Configuration, changedConfiguration, splitSecrets } from './configuration.ts'
import { type Consent, grantFor, refreshTokenKey, requireKeysFor, siteKeys, siteOf } from './connect.ts'
import { grantRow } from './grants.ts'
import { type InstancesRoom, mask, noInstance, type Record } from './need.ts'
import type { Opener } from './open-instance.ts'
import { sealSecrets, wholeConfiguration } from './sealed.ts'
import { cleanName, cleanTags } from './texts.ts'

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
  /** Values of the configuration that are objects are merged, not replaced. */
  readonly deep: boolean
}

interface NextState {
  readonly row: InstanceChange
  readonly configuration: Configuration
  readonly external: boolean
}

const requireSameElement = (room: InstancesRoom, element: Element, wanted: string | number): void => {
  const names = [element.key, String(element.id), ...element.formerIds.map(String)]
  if (names.includes(String(wanted).toLowerCase())) return
  const other = room.catalogue.all().find(({ key, id }) => [key, String(id)].includes(String(wanted)))
  throw new AppError(
    'bad-request',
    `element: this instance belongs to ${element.key}; ${other === undefined ? 'there is no such element' : 'an instance cannot move to another element'}. Create a new instance instead.`,
  )
}

/** A new refresh token in the configuration; the mask is none. */
const refreshTokenIn = (configuration: Json | undefined): string | undefined => {
  const value = (configuration as JsonObject | null | undefined)?.[refreshTokenKey]
  return typeof value === 'string' && value !== mask && value.trim() !== '' ? value.trim() : undefined
}

/** By what to connect again, if the client asks for it (spec/contract.md 2.2, re-authentication). */
const consentIn = (input: ChangeInput): Consent | undefined => {
  const refreshToken = refreshTokenIn(input.configuration)
  const { providerData } = input
  const hasCode = typeof providerData?.code === 'string'
  if (hasCode) return { providerData, refreshToken: undefined }
  if (refreshToken !== undefined) return { providerData, refreshToken }
  return input.reAuthenticate === true ? { providerData, refreshToken: undefined } : undefined
}

const requireSameSite = (element: Element, before: Configuration, after: Configuration): void => {
  if (siteKeys.every((key) => before[key] === after[key])) return
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
  const { [refreshTokenKey]: _spent, ...configuration } = changedConfiguration(
    element,
    before,
    input.configuration,
    input.deep,
  )
  const external =
    consent === undefined ? row.externalAuthentication === 'initial' : consent.refreshToken !== undefined
  if (input.configuration !== undefined || consent !== undefined)
    requireKeysFor(element, configuration, external)
  if (consent === undefined) requireSameSite(element, before, configuration)
  const { plain, secret } = splitSecrets(element, configuration)
  const { organizationId, instanceId } = row
  return {
    configuration,
    external,
    row: {
      organizationId,
      instanceId,
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
 * Changes an instance, and connects it again when a code is sent: id and token stay. The vendor is asked
 * before the transaction; everything is stored in it, over the row as it is then, so that changes at the
 * same time do not lose each other's keys and one that is cut off leaves all as it was.
 * @throws AppError `bad-request` naming the field, `not-found`, `conflict`, `provider-refused`.
 */
export const updateInstance =
  (room: InstancesRoom, opener: Opener) =>
  async (caller: Caller, found: InstanceRow, input: ChangeInput, record: Record): Promise<InstanceRow> => {
    const { organizationId, instanceId } = found
    const element = room.catalogue.find(found.elementKey)
    if (input.element !== undefined) requireSameElement(room, element, input.element)
    const consent = consentIn(input)
    const planned = nextState(room, element, found, input, consent)
    const grant = consent && (await grantFor(room, element, planned.configuration, consent, record))
    return opener.change(instanceId, async (inside) => {
      const row = await inside.instances.lock(organizationId, instanceId)
      if (row === undefined || row.userId !== caller.userId) throw noInstance(instanceId)
      const next = nextState(room, element, row, input, consent)
      if (grant !== undefined) {
        if (!sameApplication(planned.configuration, next.configuration)) {
          throw new AppError(
            'conflict',
            `Instance ${instanceId} got another application or data centre meanwhile. Ask for a new code and send the request again.`,
          )
        }
        await inside.grants.put(grantRow(room, organizationId, instanceId, 'user', grant))
      }
      return inside.instances.update(next.row)
    })
  }
