// `npm run element:table`: writes the table of resources into elements/concur/README.md, between its two marks, from
// test/conformance/expected.ts. With --check it writes nothing and ends with 1 where the table is another.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { runMain } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = join(root, 'elements', 'concur', 'README.md')
const marks = ['<!-- resources: written by npm run element:table -->', '<!-- end of resources -->']

const plainVerbs = {
  list: 'GET list',
  get: 'GET',
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
  upload: 'POST of a file',
  updateAll: 'PATCH on the collection',
  deleteAll: 'DELETE on the collection',
}

const wordOf = (verb) => {
  const [kind, name, way] = verb.split(':')
  if (kind === 'action') return `POST …/${name}`
  if (kind === 'content') return `${way === 'read' ? 'GET' : 'POST or PUT'} …/${name}`
  return plainVerbs[verb]
}

/** Pairs that differ in nothing but the verb are one row. */
export const rowsOf = (pairs) => {
  const rows = new Map()
  for (const { resource, verb, api, formerly, missing } of pairs) {
    const key = JSON.stringify([resource, api, formerly, missing])
    const row = rows.get(key) ?? { resource, api, formerly, missing, verbs: [] }
    rows.set(key, { ...row, verbs: [...row.verbs, wordOf(verb)] })
  }
  return [...rows.values()]
}

export const tableOf = (pairs) =>
  [
    "| resource | verbs | SAP Concur's API now | then | fields without counterpart |",
    '| --- | --- | --- | --- | --- |',
    ...rowsOf(pairs).map(
      ({ resource, verbs, api, formerly, missing }) =>
        `| \`${resource}\` | ${verbs.join(', ')} | ${api} | ${formerly} | ${missing.map((name) => `\`${name}\``).join(', ')} |`,
    ),
  ].join('\n')

/** The text with the table in place of what stands between the marks. Throws where they are not there. */
export const withTable = (text, table) => {
  const [before, rest] = text.split(marks[0])
  const [, after] = (rest ?? '').split(marks[1])
  if (before === undefined || after === undefined)
    throw new Error(`${readme}: without ${marks.join(' and ')}`)
  return `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${after}`
}

const readPairs = async () => {
  const source = readFileSync(join(root, 'test', 'conformance', 'expected.ts'), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  const { awaited, expected } = await import(
    `data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`
  )
  return expected.filter(
    ({ resource, verb }) => !awaited.some(([name, awaits]) => name === resource && awaits === verb),
  )
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const text = readFileSync(readme, 'utf8')
    const table = tableOf(await readPairs())
    const wanted = withTable(text, table)
    if (wanted === text) console.log('The table of elements/concur/README.md is as expected.')
    else if (process.argv.includes('--check')) {
      console.log('The table of elements/concur/README.md is another: npm run element:table')
      process.exitCode = 1
    } else {
      writeFileSync(readme, wanted)
      console.log('The table of elements/concur/README.md was written.')
    }
  })
}
