import { Refused } from './errors.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { readOffset, textParam, writeOffset } from './params.ts'
import { peopleOf, personById } from './people.ts'
import { checkCompanyOrAdmin } from './principals.ts'
import { jsonObject } from './read-body.ts'
import type { Reply } from './reply.ts'
import { shapeUser } from './scim-attributes.ts'
import { readScimFilter } from './scim-filter.ts'
import { userRow } from './user-row.ts'

/**
 * People on Identity v4.1: list, one, search.
 * Follows: developer.concur.com, Identity v4.1. Verified: 2026-08
 */
const path = '/profile/identity/v4.1/Users'
const defaultCount = 100
const mostCount = 1000

interface Question {
  readonly filter: string | undefined
  readonly count: number
  readonly cursor: string | undefined
  readonly startIndex: number
  readonly attributes: readonly string[]
  readonly excluded: readonly string[]
}

const invalid = (message: string): Refused => new Refused(400, message, 'invalidValue')

const readCount = (value: unknown, name: string, least: number, otherwise: number): number => {
  if (value === undefined || value === null) return otherwise
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least) {
    throw invalid(`${name}: use a whole number from ${String(least)}`)
  }
  return number
}

const firstOf = (cursor: string | undefined, startIndex: number): number => {
  if (cursor === undefined || cursor === '') return startIndex - 1
  const next = Number(readOffset(cursor, 'cursor', ['number'])[0])
  if (!Number.isSafeInteger(next) || next < 0) throw invalid('cursor: not a value that this service gave out')
  return next
}

const page = (ask: Ask, question: Question): Reply => {
  const test = question.filter === undefined ? () => true : readScimFilter(question.filter)
  const found = peopleOf(ask.dataCentre)
    .map((person) => userRow(person, ask.baseUrl))
    .filter((user) => test(user))
  const first = firstOf(question.cursor, question.startIndex)
  const end = first + question.count
  const rows = found.slice(first, end)
  return {
    status: 200,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: found.length,
      itemsPerPage: rows.length,
      startIndex: first + 1,
      Resources: rows.map((user) => shapeUser(user, question.attributes, question.excluded)),
      ...(question.count > 0 && end < found.length ? { nextCursor: writeOffset([end]) } : {}),
    },
  }
}

const names = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompanyOrAdmin(sandbox, ask)
  if (textParam(ask.query, 'filter') !== undefined) {
    throw new Refused(400, 'filter: use POST /Users/.search', 'invalidFilter')
  }
  return page(ask, {
    filter: undefined,
    count: Math.min(readCount(textParam(ask.query, 'count'), 'count', 0, defaultCount), mostCount),
    cursor: textParam(ask.query, 'cursor'),
    startIndex: readCount(textParam(ask.query, 'startIndex'), 'startIndex', 1, 1),
    attributes: names(textParam(ask.query, 'attributes')),
    excluded: names(textParam(ask.query, 'excludedAttributes')),
  })
}

const searchSchema = 'urn:ietf:params:scim:api:messages:concur:2.0:SearchRequest'

const textOf = (body: Record<string, unknown>, name: string): string | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(`${name}: use a text`)
  return value
}

const textsOf = (body: Record<string, unknown>, name: string): string[] => {
  const value = body[name] ?? []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalid(`${name}: use a list of texts`)
  }
  return value
}

const search = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompanyOrAdmin(sandbox, ask)
  const body = jsonObject(ask.headers['content-type'], ask.body)
  if (!textsOf(body, 'schemas').includes(searchSchema)) throw invalid(`schemas: must hold ${searchSchema}`)
  return page(ask, {
    filter: textOf(body, 'filter'),
    count: Math.min(readCount(body['count'], 'count', 0, defaultCount), mostCount),
    cursor: textOf(body, 'cursor'),
    startIndex: readCount(body['startIndex'], 'startIndex', 1, 1),
    attributes: textsOf(body, 'attributes'),
    excluded: textsOf(body, 'excludedAttributes'),
  })
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  checkCompanyOrAdmin(sandbox, ask)
  const person = personById((ask.params['id'] ?? '').toLowerCase())
  if (person?.home !== ask.dataCentre) throw new Refused(404, 'The user was not found', 'noTarget')
  const attributes = names(textParam(ask.query, 'attributes'))
  const excluded = names(textParam(ask.query, 'excludedAttributes'))
  return { status: 200, body: shapeUser(userRow(person, ask.baseUrl), attributes, excluded) }
}

const shared = {
  family: 'scim',
  access: 'bearer',
  follows: 'Identity v4.1',
  scope: /^(?:identity\.user\.[\w.]+\.read|USER|user\.read)$/,
} as const

export const identityOperations: readonly Operation[] = [
  { ...shared, name: 'users.list', method: 'GET', path, run: list },
  { ...shared, name: 'users.search', method: 'POST', path: `${path}/.search`, run: search },
  { ...shared, name: 'users.get', method: 'GET', path: `${path}/{id}`, run: get },
]
