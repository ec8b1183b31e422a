import { type Auth, isStandard, type Principal, type StandardAuth } from '#src/element/index.ts'
import { applicationToken, migrateCoded, refreshGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { InstanceRow } from '#src/store/index.ts'
import { authTypeKey } from '../catalogue/index.ts'
import { hastenPollers } from '../pollers/index.ts'
import { type Configuration, splitSecrets } from './configuration.ts'
import { loginContext } from './connect.ts'
import { grantKey, grantRow } from './grant-record.ts'
import { type InstancesRoom, noInstance, type Record } from './need.ts'
import type { Opener } from './open-instance.ts'
import { sealSecrets, wholeConfiguration } from './sealed.ts'
import { authOf, siteKeys } from './site-of.ts'

export interface MigrationInput {
  /** The application of the current login. */
  readonly apiKey: string
  readonly apiSecret: string
  /** Whom the new grant acts for. */
  readonly principal: Principal
  /** The data centre; absent: the one where connections of the old login are today. */
  readonly siteAddress: string | undefined
}

const notThere = (type: string): AppError =>
  new AppError(
    'bad-request',
    `authentication.type: the instance connects by '${type}', which there is nothing to move from.`,
  )

/** The login that the new grant is renewed by. */
const targetFor = (auths: readonly Auth[], principal: Principal): StandardAuth => {
  const found = auths.find((auth): auth is StandardAuth => isStandard(auth) && auth.principal === principal)
  if (found !== undefined) return found
  throw new AppError('bad-request', `principal: nothing here connects as '${principal}'.`)
}

/**
 * Moves an instance from a login that the vendor gives up to the current one, without a person: the vendor trades
 * the old token for a refresh token, which is proved by a renewal. Application, login and grant change in one
 * transaction; id and token stay. Refused at any step, the instance is as it was.
 * @throws AppError `bad-request` naming the field, `provider-refused` with the vendor's words.
 */
export const migrateInstance =
  (room: InstancesRoom, opener: Opener) =>
  async (row: InstanceRow, input: MigrationInput, record: Record): Promise<InstanceRow> => {
    const { organizationId, instanceId } = row
    const element = await room.catalogue.elementOf(row)
    const before = wholeConfiguration(room, row)
    const from = authOf(element, before)
    if (from.kind !== 'coded' || from.migrate === undefined) throw notThere(from.type)
    const keeper = (await opener.openRow(row)).keepers[from.principal]
    if (keeper === undefined || keeper.owner().auth.type !== from.type) throw notThere(from.type)
    const target = targetFor(element.auth, input.principal)
    const changes: Configuration = {
      'oauth.api.key': input.apiKey,
      'oauth.api.secret': input.apiSecret,
      [authTypeKey]: target.type,
      ...(input.siteAddress === undefined ? {} : { 'site.address': input.siteAddress }),
    }
    const after: Configuration = { ...before, ...changes }
    const context = { ...loginContext(room, element, after, target, record), auth: target }
    const { grant: old } = await keeper.current(record)
    const refreshToken = await migrateCoded(
      { ...loginContext(room, element, before, from, record), auth: from, site: context.site },
      old,
      {
        client: context.client,
        principal: input.principal,
        applicationToken: await applicationToken(context),
      },
    )
    const grant = await refreshGrant(
      context,
      { refreshToken, accessToken: '', baseUrl: context.site.apiUrl, scopes: [], subject: null },
      'migrate',
    )
    return opener.change(instanceId, async (inside) => {
      const locked = await inside.instances.lock(organizationId, instanceId)
      if (locked === undefined) throw noInstance(instanceId)
      const now = wholeConfiguration(room, locked)
      if (siteKeys.some((key) => now[key] !== before[key])) {
        throw new AppError(
          'conflict',
          `Instance ${instanceId} got another login, application or data centre meanwhile. Read it again first.`,
        )
      }
      const { plain, secret } = splitSecrets(element, { ...now, ...changes })
      if (from.principal !== target.principal) await inside.grants.remove(grantKey(row, from.principal))
      await inside.grants.put(
        grantRow(
          room,
          grantKey(row, target.principal),
          { element, auth: target, client: context.client },
          grant,
        ),
      )
      await hastenPollers(inside, row)
      return inside.instances.update({
        organizationId,
        instanceId,
        elementKey: locked.elementKey,
        name: locked.name,
        tags: locked.tags,
        configuration: plain,
        secretsSealed: sealSecrets(room, row, secret),
        externalAuthentication: locked.externalAuthentication,
      })
    })
  }
