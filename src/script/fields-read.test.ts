import { describe, expect, it } from 'vitest'
import { fieldsRead } from './fields-read.ts'

const names = ['originalObject', 'transformedObject', 'fromVendor']

const read = (body: string, answers: 'done' | 'return' = 'done') =>
  fieldsRead({ body, answers }, 'transformedObject', names)

describe('the fields that a script reads', () => {
  it.each([
    ['transformedObject.a = transformedObject.b.c + 1; done(transformedObject)', ['a', 'b']],
    ["transformedObject['a b'] ||= transformedObject?.c ; done( transformedObject )", ['a b', 'c']],
    ['delete transformedObject.a\nif (fromVendor) done(transformedObject); else done({})', ['a']],
    ['done({ a: 1 })', []],
    [
      'function (originalObject, transformedObject, done) { transformedObject.a = 1; done(transformedObject) }',
      ['a'],
    ],
    ['(transformedObject, done) => { done({ a: transformedObject.a }) }', ['a']],
    ['originalObject.transformedObjects; done(transformedObject)', []],
  ])('are named: %s', (body, fields) => {
    expect(read(body)).toEqual(fields)
  })

  it.each([
    'for (const name in transformedObject) {} done(transformedObject)',
    'const row = transformedObject; done(row)',
    'done({ ...transformedObject, a: 1 })',
    'done(Object.assign({}, transformedObject))',
    'const { a } = transformedObject; done(a)',
    'transformedObject = { a: 1 }; done(transformedObject)',
    'done({ transformedObject })',
    'transformedObject[name] = 1; done(transformedObject)',
    'transformedObject[`a`] = 1; done(transformedObject)',
    "transformedObject['a\\x62'] = 1; done(transformedObject)",
    'done(transformedObject.valueOf())',
    'done(transformedObject.__proto__)',
    'done(transformedObject?1:2)',
    "eval('transformedObject'); done(transformedObject.a)",
    'done(transformed\\u004fbject.a)',
    'function (transformedObject) { arguments[0].b = 1; done(transformedObject) }',
    'function (one, two, three) { done(two.a) }',
    'const done2 = (row) => row; const done = done2; done(transformedObject)',
    'function done(row) { return Object.keys(row) } done(transformedObject)',
    'mine.done(transformedObject)',
    'return transformedObject',
  ])('are all of them, for it cannot be told: %s', (body) => {
    expect(read(body)).toBeUndefined()
  })

  it('are told of a legacy body, where its return is the answer', () => {
    expect(read('transformedObject.a = 1; return transformedObject', 'return')).toEqual(['a'])
    expect(
      read('if (fromVendor) { return transformedObject }\nreturn { a: transformedObject.a };', 'return'),
    ).toEqual(['a'])
    expect(
      read('function f() { return transformedObject } return Object.keys(f())', 'return'),
    ).toBeUndefined()
    expect(read('const o = { f() { return transformedObject } }; return o.f().a', 'return')).toBeUndefined()
  })
})
