import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { operationsJson } from './element-json.ts'
import { defaultOauthUrlOf } from './oauth-url.ts'
import { operationsOf } from './operations.ts'
import { createSeen, type Seen } from './seen.ts'

const [model] = catalogueElements({})
if (model === undefined) throw new Error('the catalogue is empty')

const made = (at: number): Element => ({
  ...model,
  key: `element${at}`,
  id: 10 + at,
  formerIds: [500 + at],
  hub: at % 3 === 0 ? 'crm' : 'own-hub',
  title: `Element ${at}`,
})

const catalogueOf = (count: number) => createSeen(Array.from({ length: count }, (_, at) => made(at)))

const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'none'
  } catch (error) {
    return error instanceof AppError ? error.code : 'another error'
  }
}

type Query = Parameters<Seen['list']>[0]

/** Walks from the first page to the last; later pages are asked for with the token alone. */
const walk = (catalogue: Seen, first: Query) => {
  const pages = [catalogue.list(first)]
  for (let last = pages[0]; last?.nextPage !== undefined; last = pages.at(-1)) {
    pages.push(catalogue.list({ nextPage: last.nextPage }))
  }
  return pages
}

describe('the list of elements', () => {
  it('gives each element exactly once, on pages of exact size, whatever the size and the filter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('', "hub='crm'", "key like '%1%'", "abridged='true' and id > 15"),
        (count, pageSize, where) => {
          const catalogue = catalogueOf(count)
          const pages = walk(catalogue, { where, pageSize })
          const keys = pages.flatMap(({ elements }) => elements.map(({ key }) => key))
          expect(keys).toEqual(catalogue.list({ where }).elements.map(({ key }) => key))
          for (const { elements } of pages.slice(0, -1)) expect(elements).toHaveLength(pageSize)
          expect(pages.at(-1)?.elements.length === 0).toBe(keys.length === 0)
        },
      ),
    )
  })

  it('has a token on every page but the last', () => {
    const pages = walk(catalogueOf(6), { pageSize: 2, abridged: true })
    expect(pages.map(({ nextPage }) => nextPage !== undefined)).toEqual([true, true, false])
    expect(pages.flatMap(({ elements }) => elements).some((element) => 'resources' in element)).toBe(false)
  })

  it('stops at 200 elements when no size is told', () => {
    const pages = walk(catalogueOf(201), { abridged: true })
    expect(pages.map(({ elements }) => elements.length)).toEqual([200, 1])
  })

  it('numbers pages from 1, and pages by number are those of a walk', () => {
    const catalogue = catalogueOf(7)
    const walked = walk(catalogue, { pageSize: 3 }).map(({ elements }) => elements)
    expect([1, 2, 3].map((page) => catalogue.list({ page, pageSize: 3 }).elements)).toEqual(walked)
    expect(catalogue.list({ page: 4, pageSize: 3 })).toEqual({ elements: [] })
  })

  it('lets a token carry the query: page is ignored beside it, a size counts from there on', () => {
    const catalogue = catalogueOf(9)
    const { nextPage } = catalogue.list({ where: "hub='own-hub'", pageSize: 2 })
    const next = catalogue.list({ nextPage, page: 40, pageSize: 3, where: "hub='own-hub'" })
    expect(next.elements.map(({ key }) => key)).toEqual(['element4', 'element5', 'element7'])
    const last = catalogue.list({ nextPage: next.nextPage })
    expect(last.elements.map(({ key }) => key)).toEqual(['element8'])
  })

  it('refuses a query that differs from the one of its token', () => {
    const catalogue = catalogueOf(9)
    const { nextPage } = catalogue.list({ where: "hub='crm'", pageSize: 2 })
    expect(codeOf(() => catalogue.list({ nextPage, where: "hub='x'" }))).toBe('bad-request')
    expect(codeOf(() => catalogue.list({ nextPage, abridged: true }))).toBe('bad-request')
    expect(codeOf(() => catalogue.list({ nextPage, pageSize: 201 }))).toBe('bad-request')
  })

  it('refuses every text that is no token of its own', () => {
    const catalogue = catalogueOf(9)
    const token = catalogue.list({ pageSize: 2 }).nextPage ?? ''
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(token.length - 1), (text, at) => {
        const spoiled = [text, `${token}${text}`, `${token.slice(0, at)}${token.slice(at + 1)}`]
        for (const nextPage of spoiled.filter((one) => one.trim() !== '' && one.trim() !== token)) {
          expect(codeOf(() => catalogue.list({ nextPage }))).toBe('bad-request')
        }
      }),
    )
  })
})

describe('the catalogue', () => {
  it('finds an element by key in any case, id and former id', () => {
    const catalogue = catalogueOf(3)
    for (const name of ['element2', 'ELEMENT2', 12, '12', '502'])
      expect(catalogue.find(name).key).toBe('element2')
    expect(codeOf(() => catalogue.find('502 '))).toBe('not-found')
    expect(codeOf(() => catalogue.find('constructor'))).toBe('not-found')
  })

  it('sorts elements into hubs, each with a number of its own', () => {
    const { hubs } = catalogueOf(6)
    expect(hubs.keys()).toEqual(['crm', 'own-hub'])
    expect(hubs.elements('CRM').map(({ key }) => key)).toEqual(['element0', 'element3'])
    expect(new Set(hubs.all(false).map(({ id }) => id)).size).toBe(2)
    expect(hubs.get('own-hub', true)).toMatchObject({ resources: expect.any(Array) })
    expect(codeOf(() => hubs.get('nothing', false))).toBe('not-found')
    expect(catalogueOf(6).list({}, 'crm').elements).toHaveLength(2)
  })

  it('numbers the resources of an element from 1, one for each verb, action and file', () => {
    const catalogue = catalogueOf(1)
    const resources = operationsJson(catalogue.find('element0'))
    const verbs = Object.values(model.resources).flatMap(operationsOf)
    expect(resources.map(({ id }) => id)).toEqual(verbs.map((_, at) => at + 1))
    expect(resources.every(({ path }) => path.startsWith('/hubs/crm/'))).toBe(true)
    expect(verbs).toHaveLength(
      Object.values(model.resources).flatMap(({ verbs: known, actions = {}, contents = {}, upload }) => [
        ...Object.keys(known),
        ...Object.keys(actions),
        ...(upload === undefined || known.create !== undefined ? [] : ['upload']),
        ...Object.values(contents).flatMap(({ read, write }) => [
          ...(read === undefined ? [] : ['GET']),
          ...(write === undefined ? [] : ['POST', 'PUT']),
        ]),
      ]).length,
    )
  })

  it('has no default consent page for an element without a sandbox', () => {
    const input = {
      callbackUrl: undefined,
      scope: undefined,
      siteAddress: undefined,
      state: undefined,
      properties: {},
      codeChallenge: () => '',
    }
    expect(codeOf(() => defaultOauthUrlOf(catalogueOf(1).find('element0'), input))).toBe('bad-request')
  })
})
