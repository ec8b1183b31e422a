import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { isOfOther, originOf } from './polled-resource.ts'

const element = catalogueElements({}).find(({ resources }) => resources['lists']?.generations?.['v3'])
const lists = element?.resources['lists']
const older = lists?.generations?.['v3']
if (element === undefined || lists === undefined || older === undefined) throw new Error('no older lists')
const instance = { element }

describe('where the rows of a poller come from', () => {
  it('tells the generations of a resource apart', () => {
    expect(originOf(instance, lists)).toBe('lists@')
    expect(originOf(instance, older)).toBe('lists@v3')
    expect(isOfOther(instance, older, 'lists@v3')).toBe(false)
    expect(isOfOther(instance, older, 'lists@')).toBe(true)
    expect(isOfOther(instance, lists, 'lists@v3')).toBe(true)
    expect(isOfOther(instance, lists, 'items@')).toBe(true)
  })

  it('takes a name alone, which was stored once, for the resource whatever its generation', () => {
    expect(isOfOther(instance, older, 'lists')).toBe(false)
    expect(isOfOther(instance, lists, 'lists')).toBe(false)
    expect(isOfOther(instance, lists, 'items')).toBe(true)
  })
})
