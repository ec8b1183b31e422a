/**
 * Writes a reply's value as XML the way v3 names things: an element per field, `i:nil="true"` for null,
 * an object as nested elements, a list as one element an item.
 * Follows: developer.concur.com, nulls of the older resources; Reports v3 schema for the names. No page
 * shows a v3 collection in XML, so the root's name (`Reports`) and the item's (`Report`) are decided here,
 * and so is that there is no default namespace. Verified: 2026-08
 */

export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'

/** What XML 1.0 cannot hold in any spelling (section 2.2); lone halves of surrogate pairs among it. */
const unwritable = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A reader turns a bare carriage return into a line feed.
  '\r': '&#13;',
}

/** Text between tags. Characters that XML cannot hold become U+FFFD. */
const escapeText = (text: string): string =>
  text.replace(unwritable, '\ufffd').replace(/[&<>\r]/g, (letter) => escapes[letter] ?? '')

/** The root's element, and the element of each member of a list. */
export interface XmlNames {
  readonly root: string
  readonly item?: string
  /** The same for lists inside of it, by the name of their field. */
  readonly items?: Readonly<Record<string, string>>
  /** Lists stand without an element around them, each member under the field's own name. */
  readonly flat?: boolean
  /** The default namespace, where a page shows one. */
  readonly namespace?: string
}

const writeField = (key: string, value: unknown, names: XmlNames, pieces: string[]): void => {
  if (names.flat !== true || !Array.isArray(value)) writeElement(key, value, names, pieces)
  else for (const member of value) writeElement(key, member, names, pieces)
}

const writeElement = (name: string, value: unknown, names: XmlNames, pieces: string[], more = ''): void => {
  const item = names.items?.[name] ?? names.item ?? 'Item'
  if (value === null || value === undefined) {
    pieces.push(`<${name}${more} i:nil="true"/>`)
  } else if (typeof value === 'object') {
    pieces.push(`<${name}${more}>`)
    if (Array.isArray(value)) for (const member of value) writeElement(item, member, names, pieces)
    else for (const [key, inner] of Object.entries(value)) writeField(key, inner, names, pieces)
    pieces.push(`</${name}>`)
  } else {
    pieces.push(`<${name}${more}>${escapeText(String(value))}</${name}>`)
  }
}

/** The whole document, in UTF-8 once it is sent. Keys of `value` must be XML names. */
export const writeXml = (names: XmlNames, value: unknown): string => {
  const pieces = ['<?xml version="1.0" encoding="utf-8"?>']
  const own = names.namespace === undefined ? '' : ` xmlns="${names.namespace}"`
  writeElement(names.root, value, names, pieces, `${own} xmlns:i="${instanceNamespace}"`)
  return pieces.join('')
}
