import type { Call, Coded, Given, Listed, Principal, Resource, Shows } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { checkAddress } from './address.ts'
import { askVendor, readReply } from './call.ts'
import { chosenOf, chosenQuery } from './chosen.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { copyRow } from './copy-rows.ts'
import { fillCall } from './fill.ts'
import { valuesOfId } from './key-of.ts'
import { findListed } from './listed.ts'
import { checkedName } from './names.ts'
import { createPort } from './port.ts'
import { createProjection, dropNulls, type HubRow, toHubRow } from './rows.ts'
import { showsOf } from './shows.ts'

/** @throws AppError `wrong-verb` where the resource cannot do it. */
export const verbOf = <Verb>(resource: Resource, verb: Verb | undefined, word: string): Verb => {
  if (verb !== undefined) return verb
  throw new AppError('wrong-verb', `${resource.name} cannot be ${word}.`)
}

/** Which row, and what else the caller says of it. */
export interface RowAddress {
  readonly id: string
  readonly owner?: string | undefined
  readonly given?: Given | undefined
  /** Whose grant is asked first, where the vendor documents it. */
  readonly principal?: Principal
  /** Members that the vendor is asked for (`Resource.chosen`); absent: the usual ones. */
  readonly chosen?: readonly string[] | undefined
}

/** The query that names the owner of a row, where the vendor wants it. */
export const ownerQuery = (need: EngineNeed, connection: Connection, resource: Resource, row: RowAddress) =>
  need.owners.query(connection.scope, resource, row.id, row.owner)

/** What is known by name of a row that is asked for. */
export const valuesOf = (resource: Resource, { id, given }: RowAddress): Given =>
  resource.keyOf === undefined && given === undefined && resource.idAs === undefined
    ? { id }
    : {
        ...given,
        ...valuesOfId(resource, id),
        ...(resource.idAs === undefined ? {} : { [resource.idAs]: id }),
      }

/** What a coded verb is told besides the id. */
export const givenTo = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
): Given => {
  const { id: _id, ...values } = valuesOf(resource, address)
  return { ...values, ...Object.fromEntries(ownerQuery(need, connection, resource, address)) }
}

/** The documented grants, with the one first that is known to see the row. */
const signersOf = (
  connection: Connection,
  resource: Resource,
  call: Call,
  address: RowAddress,
  isOwned: boolean,
): readonly Principal[] | undefined => {
  // Whose row it is, is not known: a company's token finds everybody's.
  const isAnybodys = resource.owner !== undefined && !isOwned && connection.ownersOf(resource) === 'all'
  const first = address.principal ?? (isAnybodys ? 'company' : undefined)
  const documented = call.principals ?? eitherPrincipal
  if (first === undefined || !documented.includes(first)) return call.principals
  return [first, ...documented.filter((principal) => principal !== first)]
}

const askRow = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: Call,
  address: RowAddress,
): Later<OutboundReply> => {
  const owner = ownerQuery(need, connection, resource, address)
  const principals = signersOf(connection, resource, call, address, owner.length > 0)
  const signed = principals === undefined || principals === call.principals ? call : { ...call, principals }
  const chosen = chosenQuery(resource, address.chosen ?? chosenOf(resource, [], true))
  const query = chosen.length === 0 ? owner : [...owner, ...chosen]
  return andThen(fillCall(need, connection, resource, signed, valuesOf(resource, address)), (filled) =>
    askVendor(need, connection, {
      method: call.method,
      path: filled.path,
      query: filled.query.length === 0 ? query : [...filled.query, ...query],
      headers: call.headers,
      scopes: call.scopes,
      principals,
      repeatable: true,
    }),
  )
}

const rowIn = (connection: Connection, resource: Resource, reply: OutboundReply): HubRow => {
  const body = readReply(connection, reply)
  if (isJsonObject(body)) return toHubRow(resource, body)
  throw new AppError('provider-failed', `${resource.name}: the row came in an unknown shape.`, {
    hop: 'provider',
  })
}

type Retrieve = NonNullable<Resource['verbs']['retrieve']>
const isCoded = (verb: Retrieve): verb is Extract<Retrieve, Coded<unknown>> => 'run' in verb
const isListed = (verb: Retrieve): verb is Listed => !('method' in verb)

const noSuchRow = (resource: Resource, id: string): AppError =>
  new AppError('provider-not-found', `No ${resource.name} found with id ${id}`, { hop: 'provider' })

type Fetched = { readonly row: HubRow } | { readonly reply: OutboundReply }

/** A row that no single call of the vendor gives; the reply otherwise. */
const fetchRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  shows: Shows,
): Promise<Fetched> => {
  const verb = verbOf(resource, resource.verbs.retrieve, 'read one by one')
  if (resource.address !== undefined) checkAddress(resource, 'retrieve', valuesOf(resource, address))
  if (isListed(verb)) {
    const owner = Object.fromEntries(ownerQuery(need, connection, resource, address))
    const given = { ...address.given, ...owner }
    const row = await findListed(need, connection, resource, address.id, given, shows)
    if (row !== undefined) return { row }
    throw noSuchRow(resource, address.id)
  }
  if (!isCoded(verb)) return { reply: await askRow(need, connection, resource, verb, address) }
  const row = await verb.run(createPort(need, connection), {
    id: address.id,
    given: givenTo(need, connection, resource, address),
    shows,
  })
  if (row === undefined) throw noSuchRow(resource, address.id)
  return { row: toHubRow(resource, row) }
}

/**
 * One row by its key.
 * @throws AppError `provider-not-found` and what else the vendor's refusal means.
 */
export const retrieveRow = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  shows: Shows = showsOf(resource, [], true),
): Promise<HubRow> => {
  const found = await fetchRow(need, connection, resource, address, shows)
  return 'reply' in found ? rowIn(connection, resource, found.reply) : found.row
}

/** What of a row goes out. */
export interface Shown {
  /** Names of the fields to show; none: all. */
  readonly fields: readonly string[]
  /** Whether fields that are null go out. */
  readonly keepNulls: boolean
}

/** An address with the members that are to be shown. */
const choosing = (resource: Resource, address: RowAddress, fields: readonly string[]): RowAddress => {
  if (resource.chosen === undefined) return address
  const named = fields.map((name) => checkedName(resource, name, 'fields'))
  return { ...address, chosen: chosenOf(resource, named, fields.length === 0) }
}

/** One row by its key as JSON text, copied from the vendor's reply where it is shown whole. @throws as `retrieveRow`. */
export const retrieveText = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  { fields, keepNulls }: Shown,
): Promise<Buffer | string> => {
  const project = createProjection(resource, fields)
  const shows = showsOf(resource, fields, fields.length === 0)
  const found = await fetchRow(need, connection, resource, choosing(resource, address, fields), shows)
  if ('reply' in found && fields.length === 0) {
    const copied = copyRow(found.reply.body, resource, keepNulls)
    if (copied !== null) return copied
  }
  const row = project('reply' in found ? rowIn(connection, resource, found.reply) : found.row)
  return JSON.stringify(keepNulls ? row : dropNulls(row))
}
