import { SaxesParser } from 'saxes'
import type { Json } from '#src/lib/json.ts'

/** Elements within elements at most. */
const deepest = 100

interface Open {
  readonly name: string
  text: string
  readonly children: Record<string, Json[]>
  hasChildren: boolean
}

const empty = (name: string): Open => ({
  name,
  text: '',
  children: Object.create(null) as Record<string, Json[]>,
  hasChildren: false,
})

/** @throws Error where it is none that is taken. */
const parseXml = (text: string): Json => {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const root = empty('')
  const stack: Open[] = [root]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('A document type is not taken.')
  })
  parser.on('opentag', ({ uri, local }) => {
    if (stack.length > deepest) throw new Error('It is nested too deep.')
    stack.push(empty(`{${uri}}${local}`))
  })
  const addText = (more: string): void => {
    const open = stack.at(-1)
    if (open !== undefined) open.text += more
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const closed = stack.pop()
    const parent = stack.at(-1)
    if (closed === undefined || parent === undefined) return
    parent.hasChildren = true
    parent.children[closed.name] ??= []
    parent.children[closed.name]?.push(closed.hasChildren ? { ...closed.children } : closed.text)
  })
  parser.write(text).close()
  return { ...root.children }
}

/**
 * A well-formed document (XML 1.0 with namespaces) as a tree of JSON: an element with elements in it is an object of
 * their names, each with the list of its elements; any other is its text. A name is `{namespace}name`, as in
 * `{DAV:}href`. Attributes, comments and text between elements are left out. The tree is that of the document's root:
 * an object of one name.
 * @returns undefined where it is not well-formed, declares a document type (so no entity of its own is ever expanded),
 * or is nested deeper than 100 elements.
 */
export const xmlIn = (text: string): Json | undefined => {
  try {
    return parseXml(text)
  } catch {
    return undefined
  }
}
