import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stripMarkup } from './html.ts'

describe('stripMarkup', () => {
  it.each([
    ['<b onclick=x>Acme</b>', 'Acme'],
    ['Acme & Sons', 'Acme & Sons'],
    ['a < b and c > d', 'a < b and c > d'],
    ['1 <2, 3<4', '1 <2, 3<4'],
    ['<', '<'],
    ['', ''],
    ['one<br/>two', 'onetwo'],
    ['a<!-- <b>x</b> -- > -->b', 'ab'],
    ['a<!-->b', 'ab'],
    ['<!doctype html>x', 'x'],
    ['<?php echo 1 ?>x', 'x'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<a title="x>y">z</a>', 'z'],
    ["<a title = 'x>y'>z</a>", 'z'],
    ['<a href="x>z</a>', 'z'],
    ['it"s <b>bold"</b>', 'it"s bold"'],
    ['Acme<img src=x onerror=alert(1)', 'Acme'],
    ['Acme<!-- never ends', 'Acme'],
    ['<<b>b>', ''],
    ['<<<b>b>b>x', 'x'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>', 'ipt>alert(1)ipt>'],
    ['&lt;b&gt;', '&lt;b&gt;'],
  ])('makes %j into %j', (text, clean) => {
    expect(stripMarkup(text)).toBe(clean)
  })

  const pieces = fc.constantFrom('<', '<', '>', '/', '!', '--', '-->', '?', 'b', 'Z', '"', "'", '=', ' ', 'é')
  const markup = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''))

  it('never leaves the start of markup, and has nothing to remove the second time', () => {
    fc.assert(
      fc.property(fc.oneof(markup, fc.string()), (text) => {
        const clean = stripMarkup(text)
        expect(clean).not.toMatch(/<[a-z/!?]/i)
        expect(stripMarkup(clean)).toBe(clean)
      }),
      { numRuns: 3000 },
    )
  })

  it('keeps text without markup as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('<', '')
        expect(stripMarkup(plain)).toBe(plain)
      }),
    )
  })

  it.each([
    ['nested starts', '<'.repeat(200_000) + 'b>'.repeat(200_000)],
    ['open quotes', '<a x="'.repeat(150_000)],
    ['both quotes', '<a x=\'y="z>'.repeat(100_000)],
    ['open comments', '<!--'.repeat(200_000)],
  ])('ends on a megabyte of %s', (_name, text) => {
    expect(stripMarkup(text)).not.toMatch(/<[a-z/!?]/i)
  })
})
