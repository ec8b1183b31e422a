import { describe, expect, it } from 'vitest'
import { fileNameIn } from './file-name.ts'

describe('the name of a file in Content-Disposition', () => {
  it.each([
    [undefined, undefined],
    ['attachment', undefined],
    ['attachment; filename=""', undefined],
    ['attachment; filename=plain.txt', 'plain.txt'],
    ['attachment; filename="two words.txt"; size=3', 'two words.txt'],
    ['attachment; filename="a \\"quoted\\" one.txt"', 'a "quoted" one.txt'],
    ['attachment; filename="x.txt"; filename*=UTF-8\'\'%C3%BC%20x.txt', 'ü x.txt'],
    ['attachment; filename="x.txt"; filename*=UTF-8\'\'%FF', 'x.txt'],
    [`attachment; filename="${Buffer.from('ü.txt').toString('latin1')}"`, 'ü.txt'],
    ['attachment; filename="\u00fc.txt"', 'ü.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\temp\\\\a\u0007.txt"', 'a.txt'],
  ])('of %j is %j', (header, name) => {
    expect(fileNameIn(header)).toBe(name)
  })
})
