import { Refused } from '../errors.ts'
import type { Ask } from '../operation.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { Reply } from '../reply.ts'

/**
 * Writes of several invoice records at once: the reply is 200 whatever becomes of them, and each record says
 * in its StatusList how it fared. Code 0 is success; the other codes are made here, since no page lists them.
 * Follows: developer.concur.com, Vendors v3.1. Verified: 2026-08
 */
export type Fields = Readonly<Record<string, string>>

/** Nothing but text: numbers and booleans are written as such. Nulls are left out. */
export const textsOf = (value: unknown): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'Each record must be an object')
  }
  const entries = Object.entries(value).flatMap(([name, field]): [string, string][] =>
    field === null || typeof field === 'object' ? [] : [[name, String(field)]],
  )
  return Object.fromEntries(entries)
}

/** The records under `name` in the body. */
export const recordsOf = (ask: Ask, name: string, root: string): readonly Fields[] => {
  const shape = { roots: [root], kinds: {}, lists: new Set([name]) }
  const list = fieldsOfBody(ask, shape)[name]
  if (!Array.isArray(list) || list.length === 0)
    throw new Refused(400, `${name}: a list of records is required`)
  return list.map(textsOf)
}

const missingCode = 1001
/** The first of the names that the record lacks is a failure of its own. */
export const mustHave = (record: Fields, names: readonly string[]): void => {
  const missing = names.find((name) => (record[name] ?? '') === '')
  if (missing !== undefined) throw new Failure(missingCode, `${missing} is required`)
}

/** How one record failed; others are not touched by it. */
export class Failure extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const statusOf = (code: number, message: string, number: number) => [
  { Code: code, Message: message, RecordNumber: number, Type: code === 0 ? 'SUCCESS' : 'ERROR' },
]

/** Runs each record; `act` gives the row that the reply shows. */
export const runRecords = (
  name: string,
  records: readonly Fields[],
  act: (record: Fields) => object,
  /** Fields that a record which failed shows too, as null. */
  always: readonly string[] = [],
): Reply => {
  let failed = 0
  const rows = records.map((record, at) => {
    try {
      return { ...act(record), StatusList: statusOf(0, 'The record was processed', at + 1) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failed += 1
      const blank = Object.fromEntries(always.map((field) => [field, null]))
      return { ...blank, ...record, StatusList: statusOf(error.code, error.message, at + 1) }
    }
  })
  const summary = `${String(rows.length - failed)} of ${String(rows.length)} records processed`
  return {
    status: 200,
    body: { [name]: rows, TotalCount: rows.length, RequestRunSummary: summary, NextPage: null },
    xml: { root: `${name}Collection`, flat: true },
  }
}
