import { Refused } from './errors.ts'
import { readXml, type XmlElement } from './xml-read.ts'
import { instanceNamespace } from './xml-write.ts'

/** Turns an XML body into the object that the same body in JSON would be. */
export interface XmlShape {
  /** Names of the root element that are taken: the resource's, and those of its write schemas. */
  readonly roots: readonly string[]
  /** XML has text only; these fields are something else in JSON, at whatever depth they stand. */
  readonly kinds: Readonly<Record<string, 'number' | 'boolean'>>
  /** These fields may stand several times: they are lists, also when they stand once. */
  readonly lists?: ReadonlySet<string>
}

/** Prefixes of one element and, through `outer`, of those around it. */
interface Scope {
  readonly outer: Scope | undefined
  readonly prefixes: ReadonlyMap<string, string>
}

const scopeOf = (element: XmlElement, outer: Scope | undefined): Scope => ({
  outer,
  prefixes: new Map(
    [...element.attributes].flatMap(([name, value]): [string, string][] =>
      name.startsWith('xmlns:') ? [[name.slice(6), value]] : [],
    ),
  ),
})

const namespaceOf = (prefix: string, scope: Scope | undefined): string | undefined => {
  for (let level = scope; level !== undefined; level = level.outer) {
    const found = level.prefixes.get(prefix)
    if (found !== undefined) return found
  }
  return prefix === 'xml' || prefix === 'xmlns' ? prefix : undefined
}

const splitName = (name: string, scope: Scope): { namespace: string; local: string } => {
  const mark = name.indexOf(':')
  if (mark < 0) return { namespace: '', local: name }
  const namespace = namespaceOf(name.slice(0, mark), scope)
  const local = name.slice(mark + 1)
  if (namespace === undefined || namespace === '' || local === '' || local.includes(':')) {
    throw new Refused(400, `${name.slice(0, 100)}: its prefix is not declared`)
  }
  return { namespace, local }
}

const isNil = (element: XmlElement, scope: Scope): boolean => {
  // Every name is split, so that an undeclared prefix is found wherever it stands.
  const names = [...element.attributes].map(([name, value]) => ({ ...splitName(name, scope), value }))
  const nil = names.find(({ namespace, local }) => namespace === instanceNamespace && local === 'nil')
  return nil !== undefined && ['true', '1'].includes(nil.value.trim())
}

const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const booleans: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false }

/** Follows: XML Schema part 2, `double` and `boolean`; what is neither is refused where the field is read. */
const typed = (text: string, kind: 'number' | 'boolean' | undefined): unknown => {
  const trimmed = text.trim()
  if (kind === 'boolean') return Object.hasOwn(booleans, trimmed) ? booleans[trimmed] : text
  if (kind === undefined) return text
  return numberPattern.test(trimmed) ? Number(trimmed) : Number.NaN
}

const contentOf = (element: XmlElement, name: string, outer: Scope, shape: XmlShape): unknown => {
  const scope = scopeOf(element, outer)
  if (isNil(element, scope)) {
    if (element.children.length > 0 || element.text !== '') {
      throw new Refused(400, `${name.slice(0, 100)} is nil and has a content`)
    }
    return null
  }
  if (element.children.length > 0) return fieldsOf(element, name, scope, shape)
  return typed(element.text, Object.hasOwn(shape.kinds, name) ? shape.kinds[name] : undefined)
}

const fieldsOf = (
  element: XmlElement,
  name: string,
  scope: Scope,
  shape: XmlShape,
): Record<string, unknown> => {
  if (element.text.trim() !== '') throw new Refused(400, `${name.slice(0, 100)} mixes text and elements`)
  const fields = new Map<string, unknown>()
  for (const child of element.children) {
    const { local } = splitName(child.name, scopeOf(child, scope))
    if (shape.lists?.has(local) === true) {
      const before = (fields.get(local) ?? []) as unknown[]
      fields.set(local, [...before, contentOf(child, local, scope, shape)])
      continue
    }
    if (fields.has(local)) throw new Refused(400, `${local.slice(0, 100)} stands twice`)
    fields.set(local, contentOf(child, local, scope, shape))
  }
  return Object.fromEntries(fields)
}

/**
 * The fields of an XML body: `i:nil="true"` is null, nested elements are an object, the rest is text,
 * or what `shape.kinds` says. Namespaces of elements do not matter, because v3 documents none.
 * Throws `Refused` 400 for what is not well-formed, another root, a field that stands twice and a prefix
 * that nothing declares; 413 above 1 MiB.
 */
export const xmlObject = (text: string, shape: XmlShape): Record<string, unknown> => {
  const root = readXml(text)
  const scope = scopeOf(root, undefined)
  const { local } = splitName(root.name, scope)
  if (!shape.roots.includes(local)) {
    throw new Refused(400, `The root element must be ${shape.roots[0] ?? ''}, not ${local.slice(0, 100)}`)
  }
  if (isNil(root, scope)) throw new Refused(400, 'The root element is nil')
  return fieldsOf(root, local, scope, shape)
}
