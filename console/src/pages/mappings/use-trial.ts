import { useDebouncedValue } from '@mantine/hooks'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { findRows } from '../../api/hub.ts'
import { type TransformationInput, type TriedOut, tryOutQuery } from '../../api/mapping.ts'
import type { Place } from '../../api/places.ts'
import type { Instance, Row } from '../../api/shapes.ts'

const afterTypingMs = 250
const rowsRead = '10'

/** Which mapping is tried, and where it would hold. */
export interface Tried {
  readonly place: Place
  readonly element: string
  readonly name: string
  readonly input: TransformationInput
}

/** Where rows of the vendor's come from; without an instance they are written by hand. */
export interface Source {
  readonly instance: Instance | undefined
  readonly hub: string
  readonly resource: string
  /** Whether the resource can be listed. */
  readonly isListed: boolean
}

export const textOf = (row: Row | undefined): string =>
  row === undefined ? '' : JSON.stringify(row, null, 2)

/** The row that a text is; a text in place of it says what is wrong. */
const rowIn = (text: string): Row | string => {
  if (text.trim() === '') return 'Write a row as a JSON object, such as {"Name": "Trip"}.'
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Row
    return 'A row is a JSON object, in braces.'
  } catch (error) {
    return `This is no JSON: ${error instanceof Error ? error.message : ''}`
  }
}

const nothing: Row = {}

const useTryOut = (tried: Tried, direction: 'read' | 'write', text: string, isWanted: boolean) => {
  const row = rowIn(text)
  const { place, element, name, input } = tried
  const wanted = JSON.stringify({ input, row })
  const [settled] = useDebouncedValue(wanted, afterTypingMs)
  const { input: transformation, row: payload } = JSON.parse(settled) as {
    readonly input: TransformationInput
    readonly row: Row | string
  }
  const isRow = typeof payload !== 'string'
  const answer = useQuery({
    ...tryOutQuery({
      ...{ place, element, name, transformation, direction },
      payload: isRow ? payload : nothing,
    }),
    enabled: isWanted && isRow,
  })
  return { answer, wrong: typeof row === 'string' ? row : undefined }
}

/** One direction of a trial: the text on the left, and what becomes of it. */
export interface Way {
  readonly text: string
  readonly write: (text: string) => void
  readonly isWritten: boolean
  readonly wrong: string | undefined
  readonly answer: UseQueryResult<TriedOut>
}

/** A sample of the vendor's rows, read once, and what a mapping makes of one, both ways. */
export const useTrial = (tried: Tried, source: Source, isWriteShown: boolean) => {
  const { instance, hub, resource, isListed } = source
  const sample = useQuery({
    queryKey: ['instances', String(instance?.id), 'sample', resource],
    queryFn: async () => {
      if (instance === undefined) return []
      return (
        await findRows(instance, { hub, resource, where: '', fields: '', pageSize: rowsRead }, undefined)
      ).rows
    },
    enabled: instance !== undefined && isListed,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const rows = sample.data ?? []
  const [at, setAt] = useState(0)
  const [written, setWritten] = useState<string>()
  const [common, setCommon] = useState<string>()
  const text = written ?? textOf(rows[at % Math.max(rows.length, 1)])
  const read = useTryOut(tried, 'read', text, true)
  const commonText = common ?? textOf(read.answer.data?.row)
  const sent = useTryOut(tried, 'write', commonText, isWriteShown)
  const show = (index: number): void => {
    setAt(index)
    setWritten(undefined)
    setCommon(undefined)
  }
  return {
    sample,
    rows,
    at: rows.length === 0 ? 0 : at % rows.length,
    next: () => show(at + 1),
    reset: () => show(0),
    read: { ...read, text, isWritten: written !== undefined, write: setWritten } satisfies Way,
    sent: { ...sent, text: commonText, isWritten: common !== undefined, write: setCommon } satisfies Way,
  }
}

export type Trial = ReturnType<typeof useTrial>
