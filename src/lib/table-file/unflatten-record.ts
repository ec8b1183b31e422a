import type { Json, JsonObject } from '../json.ts'
import { deepestNesting } from '../json-harm.ts'

/** A record made of cells, or the column that does not fit and why. */
export type Unflattened =
  | { readonly record: JsonObject }
  | { readonly problem: string; readonly column: string }

type Node = { [name: string]: Json | Node }

/** What is known of a column before any row is read. */
interface Column {
  readonly column: string
  /** The names of the objects that its value goes into, outermost first. */
  readonly parents: readonly string[]
  readonly name: string
  readonly problem: string | undefined
  /** Columns that name an object of this one, or something inside it. */
  readonly rivals: readonly string[]
  /** Whether every object has something of that name. */
  readonly isInherited: boolean
}

const unfit = (column: string, names: readonly string[]): string | undefined => {
  const isReaching = names.some((name, at) => name === 'constructor' && names[at + 1] === 'prototype')
  if (isReaching || names.includes('__proto__')) {
    return `column ${column}: the names __proto__ and constructor.prototype are not allowed.`
  }
  return names.length > deepestNesting
    ? `a column has at most ${deepestNesting} names, parted by dots.`
    : undefined
}

/** `A.B` and `A` of `A.B.C`. */
const outerColumns = (column: string): readonly string[] => {
  const outer: string[] = []
  for (let dot = column.lastIndexOf('.'); dot > 0; dot = column.lastIndexOf('.', dot - 1)) {
    outer.push(column.slice(0, dot))
  }
  return outer
}

const findRivals = (columns: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const known = new Set(columns)
  const rivals = new Map<string, string[]>()
  const add = (column: string, rival: string): void => {
    const found = rivals.get(column)
    if (found === undefined) rivals.set(column, [rival])
    else found.push(rival)
  }
  // A column that is nested too deep is refused anyway, and would have too many outer ones.
  for (const column of columns.filter((one) => one.split('.').length <= deepestNesting)) {
    for (const outer of outerColumns(column).filter((one) => known.has(one))) {
      add(column, outer)
      add(outer, column)
    }
  }
  return rivals
}

const planOf = (columns: readonly string[]): readonly Column[] => {
  const rivals = findRivals(columns)
  return columns.map((column) => {
    const names = column.split('.')
    return {
      column,
      parents: names.slice(0, -1),
      name: names.at(-1) ?? '',
      problem: unfit(column, names),
      rivals: rivals.get(column) ?? [],
      isInherited: column in Object.prototype,
    }
  })
}

const parentOf = (root: Node, parents: readonly string[]): Node => {
  let node = root
  for (const name of parents) {
    // Only what was put here by another column of the same parent, for rivals were refused.
    if (!Object.hasOwn(node, name)) node[name] = {}
    node = node[name] as Node
  }
  return node
}

const problemOf = ({ column, problem, rivals }: Column, cells: JsonObject): string | undefined => {
  if (problem !== undefined || rivals.length === 0) return problem
  const rival = rivals.find((one) => Object.hasOwn(cells, one))
  return rival === undefined ? undefined : `columns ${column} and ${rival} both have a value; empty one.`
}

const isPlain = ({ parents, problem, rivals, isInherited }: Column): boolean =>
  parents.length === 0 && problem === undefined && rivals.length === 0 && !isInherited

const cellOf = ({ column, isInherited }: Column, cells: JsonObject): Json | undefined =>
  isInherited && !Object.hasOwn(cells, column) ? undefined : cells[column]

/**
 * Makes records of the rows of a file whose columns are known: `Parent.Name` becomes an object in an object. Values are
 * taken as they are; what a text means is for others to know. Where no column is in another, `cells` are the record.
 */
export const createUnflattener = (columns: readonly string[]): ((cells: JsonObject) => Unflattened) => {
  const plan = planOf(columns)
  if (plan.every(isPlain)) return (cells) => ({ record: cells })
  return (cells) => {
    const record: Node = {}
    for (const known of plan) {
      const value = cellOf(known, cells)
      if (value === undefined) continue
      const problem = problemOf(known, cells)
      if (problem !== undefined) return { problem, column: known.column }
      const node = known.parents.length === 0 ? record : parentOf(record, known.parents)
      node[known.name] = value
    }
    return { record: record as JsonObject }
  }
}

/** The same for one row alone. @internal */
export const unflattenRecord = (cells: JsonObject): Unflattened =>
  createUnflattener(Object.keys(cells))(cells)
