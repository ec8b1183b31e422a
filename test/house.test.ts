import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { bracesOf, pathResources } from '#src/element/index.ts'
import { variableNames } from '#src/main/config.ts'

const root = join(import.meta.dirname, '..')

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

const text = (file: string): string => readFileSync(file, 'utf8')
const source = ['bin', 'src', 'elements', 'sandbox'].flatMap(filesUnder)
const isTest = (file: string): boolean => file.endsWith('.test.ts')

const where = (files: readonly string[], pattern: RegExp): readonly string[] =>
  files.filter((file) => pattern.test(text(file))).map((file) => file.slice(root.length + 1))

describe('the house', () => {
  it('indexes every folder of elements', () => {
    const folders = readdirSync(join(root, 'elements'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    const keys = catalogueElements({}).map((element) => element.key)
    expect(folders.map((folder) => folder.name).sort()).toEqual([...keys].sort())
  })

  it("names no vendor in src, whole words and identifiers' parts", () => {
    const keys = catalogueElements({}).map((element) => element.key)
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) {
      // `concurrency` and `concurrent` are other words.
      expect(where(filesUnder('src'), new RegExp(`${key}(?!ren)`, 'i'))).toEqual([])
    }
    expect(where(filesUnder('src'), /\bSAP\b|hubspot/i)).toEqual([])
  })

  it('counts what is code in each element, and prints it', () => {
    const codedIn = ({ resources, paths = [], auth }: (typeof all)[number]): number => {
      const own = [...Object.values(resources), ...pathResources(paths, resources)]
      const every = own.flatMap((one) => [one, ...Object.values(one.generations ?? {})])
      const onPaths = paths.flatMap(({ methods }) => Object.values(methods))
      const calls = every.flatMap(({ verbs, actions = {}, upload }) => [
        ...Object.values(verbs),
        ...Object.values(actions).map(({ call }) => call),
        ...(upload === undefined ? [] : [upload.call]),
      ])
      const files = [
        ...every.flatMap((one) => Object.values(one.contents ?? {})),
        ...onPaths.flatMap((one) => ('content' in one ? [one.content] : [])),
      ].flatMap(({ read, write }) => [read, write].filter((one) => one !== undefined))
      const acts = onPaths.flatMap((one) => (one.kind === 'act' ? [one.action.call] : []))
      const coded = [...new Set([...calls, ...files, ...acts, ...auth])].filter(
        (one) => 'kind' in one && one.kind === 'coded',
      )
      for (const one of coded) expect('why' in one && one.why).toMatch(/\S.{5}/)
      return coded.length
    }
    const all = catalogueElements({})
    const counts = Object.fromEntries(all.map((element) => [element.key, codedIn(element)]))
    process.stdout.write(`coded verbs, actions, files and logins: ${JSON.stringify(counts)}\n`)
    // More of them are a decision: what the engine lacks is better a member of a union.
    expect(counts).toEqual({ concur: 38, hubspotcrm: 0, webdav: 12 })
  })

  const pathsOfElements = catalogueElements({}).flatMap(({ key, paths = [] }) =>
    paths.map((path) => ({ path, name: `${key} ${path.path}` })),
  )

  it('takes further paths of elements that nothing hides, each once', () => {
    const plain = pathsOfElements.map(({ name }) => name.replace(/\{.*?\}/g, '{}'))
    expect(new Set(plain).size).toBe(plain.length)
    const shape = /^\/(?!ping\b|objects\b|passthrough\b)[\w-]+(\/([\w-]+|\{\w+\}))*$/
    for (const { path } of pathsOfElements) expect(path.path).toMatch(shape)
  })

  it('knows what every brace of a further path says', () => {
    for (const { path, name } of pathsOfElements) {
      for (const action of Object.values(path.methods)) {
        if (action.kind === 'absent') continue
        const said = new Set([
          action.id,
          ...Object.values(action.names ?? {}),
          ...(action.resource.address ?? []).map((one) => one.name),
        ])
        expect(
          bracesOf(path).filter((brace) => !said.has(brace)),
          name,
        ).toEqual([])
      }
    }
  })

  it('describes every field and search name of every resource, in a whole sentence or a noun of one', () => {
    const resources = catalogueElements({}).flatMap(({ key, resources: all, paths }) =>
      [...Object.values(all), ...pathResources(paths, all)].flatMap((resource) =>
        [resource, ...Object.values(resource.generations ?? {})].map((one) => ({
          ...{ name: `${key} ${one.name}`, resource: one },
        })),
      ),
    )
    const described = (text: string | undefined): boolean => text !== undefined && /^\S.{3,}\.$/s.test(text)
    const lacking = resources.flatMap(({ name, resource }) => [
      ...Object.entries(resource.fields)
        .filter(([, { description }]) => !described(description))
        .map(([field]) => `${name}: field ${field}`),
      // A search name that looks at a field has the field's description.
      ...resource.filters
        .filter(
          ({ field, hidden, description }) =>
            field === undefined && hidden !== true && !described(description),
        )
        .map(({ param }) => `${name}: search name ${param}`),
      ...(resource.address ?? [])
        .filter(({ description }) => !described(description))
        .map((param) => `${name}: address ${param.name}`),
      ...Object.entries(resource.actions ?? {}).flatMap(([action, { body }]) =>
        Object.entries(body)
          .filter(([, { description }]) => !described(description))
          .map(([field]) => `${name}: ${action}, field ${field}`),
      ),
    ])
    expect(resources.length).toBeGreaterThan(3)
    expect(lacking).toEqual([])
  })

  it('uses every error code, and only known ones', () => {
    const declared = [...text(join(root, 'src/lib/errors.ts')).matchAll(/^ {2}\| '([a-z-]+)'$/gm)].map(
      ([, code]) => code,
    )
    expect(declared.length).toBeGreaterThan(10)
    const rest = source
      .filter((file) => !file.endsWith('lib/errors.ts') && !file.endsWith('http/errors.ts') && !isTest(file))
      .map(text)
    const unused = declared.filter((code) => !rest.some((content) => content.includes(`'${code}'`)))
    expect(unused).toEqual([])
  })

  it('keeps files under 300 lines', () => {
    const long = [...source, ...filesUnder('test')].filter((file) => text(file).split('\n').length > 301)
    expect(long.map((file) => file.slice(root.length + 1))).toEqual([])
  })

  it('reads the environment in main/config only', () => {
    const src = filesUnder('src').filter((file) => !isTest(file) && !file.endsWith('src/main/config.ts'))
    expect(where([...src, ...filesUnder('elements')], /process\.env\b/)).toEqual([])
  })

  it('sends SQL from store and queue only', () => {
    const sends = /\.query(<.*>)?\(\s*\{|\btext: ['"`](select|insert|update|delete|with)\b/i
    const all = [...filesUnder('src'), ...filesUnder('elements'), ...filesUnder('bin')].filter(
      (file) => !isTest(file),
    )
    const inside = all.filter((file) => /src\/(store|queue)\//.test(file))
    expect(where(inside, sends).length).toBeGreaterThan(10)
    expect(
      where(
        all.filter((file) => !inside.includes(file)),
        sends,
      ),
    ).toEqual([])
  })

  it('opens each room with the words that say what lives there', () => {
    const doors = source.filter((file) => /src\/[^/]+\/index\.ts$/.test(file))
    expect(doors.length).toBeGreaterThan(7)
    for (const door of doors) expect(text(door).startsWith('//'), door).toBe(true)
  })

  it('has every variable of the configuration in the README, and no other', () => {
    const readme = text(join(root, 'README.md'))
    const listed = [...readme.matchAll(/^\| `([A-Z\d_]+)` \|/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual([...variableNames].sort())
  })

  it('names only tests that exist in its documents', () => {
    const documents = readdirSync(root).filter((name) => name.endsWith('.md'))
    expect(documents.length).toBeGreaterThan(4)
    for (const name of documents) {
      const named = [
        ...text(join(root, name)).matchAll(/`((?:src|test|elements|sandbox)\/[\w./-]+\.test\.ts)`/g),
      ].map(([, file]) => file ?? '')
      const missing = named.filter((file) => !existsSync(join(root, file)))
      expect(missing, name).toEqual([])
    }
  })
})
