import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { deepestNesting } from '../json-harm.ts'

/** An object goes into columns of its own unless a name in it has a dot or is empty, which would read back otherwise. */
const canFlatten = (value: Json | undefined): value is JsonObject =>
  isJsonObject(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((name) => name !== '' && !name.includes('.'))

const cellOf = (value: Json): string => {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const put = (cells: Record<string, string>, name: string, cell: string): void => {
  if (name !== '__proto__') {
    cells[name] = cell
    return
  }
  Object.defineProperty(cells, name, { value: cell, enumerable: true, configurable: true, writable: true })
}

const addTo = (cells: Record<string, string>, prefix: string, record: JsonObject): void => {
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key
    if (value === null || value === undefined) continue
    if (canFlatten(value)) addTo(cells, `${name}.`, value)
    else put(cells, name, cellOf(value))
  }
}

/**
 * A record as cells by column: a nested object becomes `Parent.Name`, lists and empty objects JSON text, null nothing.
 * An object with a name that has a dot in it is written as JSON text too. Numbers are written as JSON writes them.
 */
export const flattenRecord = (record: JsonObject): Record<string, string> => {
  const cells: Record<string, string> = {}
  addTo(cells, '', record)
  return cells
}

/** A record made of cells, or the column that does not fit and why. */
export type Unflattened =
  | { readonly record: JsonObject }
  | { readonly problem: string; readonly column: string }

type Node = { [name: string]: Json | Node }

const unfit = (column: string): string | undefined => {
  const names = column.split('.')
  const isReaching = names.some((name, at) => name === 'constructor' && names[at + 1] === 'prototype')
  if (isReaching || names.includes('__proto__')) {
    return `column ${column}: the names __proto__ and constructor.prototype are not allowed.`
  }
  return names.length > deepestNesting
    ? `a column has at most ${deepestNesting} names, parted by dots.`
    : undefined
}

const child = (node: Node, name: string): Node | undefined => {
  if (!Object.hasOwn(node, name)) node[name] = {}
  const found = node[name]
  return isJsonObject(found) ? (found as Node) : undefined
}

/** Puts a value where its dotted name says; false when another column is in its way. */
const place = (root: Node, column: string, value: Json): boolean => {
  const names = column.split('.')
  const last = names.pop() ?? ''
  let node: Node | undefined = root
  for (const name of names) {
    node = child(node, name)
    if (node === undefined) return false
  }
  if (Object.hasOwn(node, last)) return false
  node[last] = value
  return true
}

/**
 * A record made of the cells of a row: `Parent.Name` becomes an object in an object. Values are taken as they are; what
 * a text means is for others to know.
 */
export const unflattenRecord = (cells: JsonObject): Unflattened => {
  const record: Node = {}
  for (const [column, value] of Object.entries(cells)) {
    const problem = unfit(column)
    if (problem !== undefined) return { problem, column }
    if (place(record, column, value)) continue
    return {
      column,
      problem: `columns ${column} and ${rivalOf(column, cells)} both have a value; empty one.`,
    }
  }
  return { record: record as JsonObject }
}

/** The column that names an object of this one, or something inside it. */
const rivalOf = (column: string, cells: JsonObject): string =>
  Object.keys(cells).find((other) => other.startsWith(`${column}.`) || column.startsWith(`${other}.`)) ??
  column
