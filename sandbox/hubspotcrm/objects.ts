import { invalid, Refused } from './errors.ts'
import { type Ask, isObject, type Operation, objectIn, type Reply, type Sandbox } from './operation.ts'
import { isObjectName, type ObjectName, type Property, properties } from './properties.ts'
import { type CrmRecord, shownRecord } from './records.ts'

/** Records one by one, and the listing. Follows: developers.hubspot.com, CRM objects v3. Not compared with the page. */

export const objectOf = ({ params }: Ask): ObjectName => {
  const name = params['object'] ?? ''
  if (isObjectName(name)) return name
  throw new Refused(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${name}`)
}

const notFound = (): Refused =>
  new Refused(404, 'OBJECT_NOT_FOUND', 'Object not found.  objectId are usually numeric.')

const recordOf = ({ state }: Sandbox, ask: Ask, object: ObjectName): CrmRecord => {
  const record = state.record(object, Number(ask.params['id']))
  if (record === undefined) throw notFound()
  return record
}

const askedIn = ({ query }: Ask): readonly string[] =>
  query.getAll('properties').flatMap((list) => list.split(',').filter((name) => name !== ''))

const limitIn = (text: string | null, most: number): number => {
  const limit = Number(text ?? '10')
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit
  throw invalid(`limit must be between 1 and ${String(most)}, was ${String(text)}`)
}

const list = ({ state }: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  const limit = limitIn(ask.query.get('limit'), 100)
  const after = Number(ask.query.get('after') ?? '0')
  if (!Number.isInteger(after)) throw invalid('after is no cursor of this listing')
  const rest = state.records(object).filter(({ id }) => id >= after)
  const shown = rest.slice(0, limit)
  const next = rest[limit]
  return {
    status: 200,
    body: {
      results: shown.map((record) => shownRecord(object, record, askedIn(ask))),
      // The last page has none.
      ...(next === undefined ? {} : { paging: { next: { after: String(next.id), link: '?after=' } } }),
    },
  }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  return { status: 200, body: shownRecord(object, recordOf(sandbox, ask, object), askedIn(ask)) }
}

interface Wrong {
  readonly name: string
  readonly error: string
  readonly message: string
}

const wrongOf = (name: string, property: Property | undefined, value: unknown): Wrong | undefined => {
  if (property === undefined)
    return { name, error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` }
  if (property.readOnly === true)
    return {
      name,
      error: 'READ_ONLY_VALUE',
      message: `"${name}" is a read only property; its value cannot be set`,
    }
  const text = String(value)
  if (text === '') return undefined
  if (property.kind === 'number' && !/^-?\d+(\.\d+)?$/.test(text))
    return { name, error: 'INVALID_INTEGER', message: `${text} was not a valid number` }
  if (property.options !== undefined && !property.options.includes(text))
    return { name, error: 'INVALID_OPTION', message: `${text} was not one of the allowed options` }
  if (name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return { name, error: 'INVALID_EMAIL', message: `Email address ${text} is invalid` }
  return undefined
}

/** The properties that a body sets, as texts; an empty one has no value from there on. */
const written = (object: ObjectName, ask: Ask): Readonly<Record<string, string>> => {
  const given = objectIn(ask)['properties']
  if (!isObject(given)) throw invalid('properties: an object is expected')
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw invalid(`Invalid input JSON: cannot read the value of ${name}`)
    const known = Object.hasOwn(properties[object], name) ? properties[object][name] : undefined
    return wrongOf(name, known, value) ?? []
  })
  if (wrong.length > 0) {
    const words = JSON.stringify(wrong.map((one) => ({ isValid: false, ...one })))
    throw invalid(`Property values were not valid: ${words}`)
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
}

/** No two contacts have one e-mail address. */
const checkEmail = ({ state }: Sandbox, object: ObjectName, id: number, email: string | undefined): void => {
  if (object !== 'contacts' || email === undefined || email === '') return
  const other = state
    .records(object)
    .find((record) => record.id !== id && record.values['email']?.toLowerCase() === email.toLowerCase())
  if (other !== undefined)
    throw new Refused(409, 'CONFLICT', `Contact already exists. Existing ID: ${String(other.id)}`)
}

const keep = (
  sandbox: Sandbox,
  object: ObjectName,
  before: Omit<CrmRecord, 'updatedAt'>,
  values: Readonly<Record<string, string>>,
): CrmRecord => {
  checkEmail(sandbox, object, before.id, values['email'])
  const all = Object.entries({ ...before.values, ...values }).filter(([, value]) => value !== '')
  const record: CrmRecord = { ...before, values: Object.fromEntries(all), updatedAt: sandbox.clock.now() }
  sandbox.state.happened({ kind: 'put', object, record })
  return record
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  const values = written(object, ask)
  if (Object.keys(values).length === 0) throw invalid('properties: at least one is needed')
  const fresh = { id: sandbox.state.nextId(), values: {}, createdAt: sandbox.clock.now() }
  const record = keep(sandbox, object, fresh, values)
  return { status: 201, body: shownRecord(object, record, Object.keys(values)) }
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  const before = recordOf(sandbox, ask, object)
  const values = written(object, ask)
  return {
    status: 200,
    body: shownRecord(object, keep(sandbox, object, before, values), Object.keys(values)),
  }
}

/** What is not there any more is archived all the same. */
const archive = ({ state }: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  const id = Number(ask.params['id'])
  if (!Number.isInteger(id)) throw notFound()
  if (state.record(object, id) !== undefined) state.happened({ kind: 'archived', object, id })
  return { status: 204 }
}

const path = '/crm/v3/objects/{object}'
const access = 'token'

export const objectOperations: readonly Operation[] = [
  { name: 'list', method: 'GET', path, access, run: list },
  { name: 'create', method: 'POST', path, access, run: create },
  { name: 'get', method: 'GET', path: `${path}/{id}`, access, run: get },
  { name: 'update', method: 'PATCH', path: `${path}/{id}`, access, run: update },
  { name: 'archive', method: 'DELETE', path: `${path}/{id}`, access, run: archive },
]
