import { describe, expect, it } from 'vitest'
import { xmlIn } from './xml.ts'

describe('XML as JSON', () => {
  it('names elements by their namespace, whatever their prefix', () => {
    const tree = { '{DAV:}a': [{ '{DAV:}b': ['1', '2'], '{urn:x}b': ['3'] }] }
    expect(xmlIn('<D:a xmlns:D="DAV:"><D:b>1</D:b> <b xmlns="urn:x">3</b><D:b>2</D:b></D:a>')).toEqual(tree)
    expect(
      xmlIn('<?xml version="1.0"?><a xmlns="DAV:" xmlns:z="urn:x"><b>1</b><z:b>3</z:b><b>2</b></a>'),
    ).toEqual(tree)
  })

  it('decodes references and keeps text as it is', () => {
    expect(xmlIn('<a>&lt;&amp;&#x41;&#66;<![CDATA[<&]]> </a>')).toEqual({ '{}a': ['<&AB<& '] })
    expect(xmlIn('<a/>')).toEqual({ '{}a': [''] })
  })

  it('gives nothing of an object away by a name', () => {
    const tree = xmlIn('<__proto__ xmlns=""><constructor>1</constructor></__proto__>')
    expect(JSON.stringify(tree)).toBe('{"{}__proto__":[{"{}constructor":["1"]}]}')
  })

  it.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['a file of the machine', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'],
    ['an unknown entity', '<a>&x;</a>'],
    ['an open element', '<a><b></a>'],
    ['an unknown prefix', '<x:a/>'],
    ['two roots', '<a/><b/>'],
    ['no XML', 'Not Found'],
    ['nothing', ''],
    ['a hundred elements in each other', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`],
  ])('refuses %s', (_title, text) => {
    expect(xmlIn(text)).toBeUndefined()
  })
})
