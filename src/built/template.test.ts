import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { templated } from './template.ts'

const find =
  (values: Readonly<Record<string, string>>) =>
  (name: string): string | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined

describe('a body as a text with names in braces', () => {
  it('has the values of the names, and leaves a name without one', () => {
    expect(templated('{"q": "from {a} to {b}", "list": ["{a}"]}', find({ a: 'x' }))).toEqual({
      q: 'from x to {b}',
      list: ['x'],
    })
    expect(templated('{"n": {n}, "t": {t}, "s": "{n}"}', find({ n: '5', t: 'five' }))).toEqual({
      n: 5,
      t: 'five',
      s: '5',
    })
    expect(templated('plain {a}', find({ a: 'x' }))).toBe('plain x')
    expect(templated('<a b="{x}">{x}</a>', find({ x: '<&"' }))).toBe(
      '<a b="&lt;&amp;&quot;">&lt;&amp;&quot;</a>',
    )
  })

  it.each(['{"a": "{x}", "b": 1}', '{"a": "{x}", "n": {n}, "b": 1}'])(
    'never lets a value become more than a value: %s',
    (template) => {
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('","admin":true,"c":"')), (x) => {
          const made = templated(template, find({ x, n: '3' }))
          expect(made).toEqual(template.includes('{n}') ? { a: x, n: 3, b: 1 } : { a: x, b: 1 })
        }),
      )
    },
  )
})
