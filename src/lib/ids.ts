import { randomBytes } from 'node:crypto'

/** A request id: 24 hex digits (spec/contract.md 1.4). */
export const newRequestId = (): string => randomBytes(12).toString('hex')
