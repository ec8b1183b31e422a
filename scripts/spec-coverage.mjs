// `npm run spec:coverage`: which rows of the behaviour page have a test, by the titles of test/**/*.test.ts.
// A row is `section/row`: a table row or bullet, numbered from 1 within its section (a section with neither
// is one row). The page itself is no part of the project; without it nothing can be counted, and that is said.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { runMain } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, '..', 'shared', 'spec', 'behaviour.md')
const isRule = (line) => /^\|[\s:|-]+\|\s*$/.test(line)

/** What one line adds to the rows of its section: a table's head and rule add nothing. */
const isRow = (line, next) =>
  /^\s*[-*] /.test(line) || (line.startsWith('|') && !isRule(line) && !isRule(next))

/** How many rows each section of a page has: `{ '0': 9, '6.1': 2 }`. Code blocks do not count. */
export const rowsOf = (text) => {
  const counts = {}
  let section
  let isCode = false
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('```')) isCode = !isCode
    const heading = isCode ? null : /^##+ (\d+(?:\.\d+)*)\b/.exec(line)
    if (heading !== null) {
      section = heading[1]
      counts[section] = 0
    } else if (section !== undefined && !isCode && isRow(line, lines[at + 1] ?? '')) counts[section] += 1
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Math.max(1, count)]))
}

const titlePattern = /(['"`])((?:\d+(?:\.\d+)*\/\d+,? )+)\S/g
const skipped = /\.(?:skip|todo)\b[^;'"`]*$/

/** The rows that the titles in a test's source begin with, `2/1 ...` or `2/1, 2/3 ...`; skipped tests prove nothing. */
export const rowsInTitles = (source) =>
  [...source.matchAll(titlePattern)]
    .filter(({ index }) => !skipped.test(source.slice(Math.max(0, index - 200), index)))
    .flatMap(([, , rows]) => rows.trim().split(/[, ]+/))

const rowPattern = /^(\d+(?:\.\d+)*)\/(\d+)$/

/** The rows wanted: whole sections as they are on the page, or single rows of one. */
const wantedRows = (scope, counts) =>
  Object.entries(scope).flatMap(([section, rows]) => {
    const all = Array.from({ length: counts[section] ?? 0 }, (_, at) => at + 1)
    return (rows === 'all' ? all : rows).map((row) => `${section}/${row}`)
  })

const isOnPage = (row, counts) => {
  const [, section = '', number = '0'] = rowPattern.exec(row) ?? []
  return Number(number) >= 1 && Number(number) <= (counts[section] ?? 0)
}

/**
 * Compares the page with titles and exceptions. `missing`: wanted, without a test, not excused as a whole.
 * `unknown`: named by a title, an exception or the scope, but not on the page. `needless`: excused as a whole
 * although a test has it.
 */
export const compare = ({ counts, tested, scope, exceptions }) => {
  const wanted = wantedRows(scope, counts)
  const has = new Set(tested)
  const whole = new Set(exceptions.filter(({ part }) => part === undefined).map(({ row }) => row))
  const named = new Set([...has, ...exceptions.map(({ row }) => row), ...wanted])
  return {
    wanted,
    tested: wanted.filter((row) => has.has(row)),
    untested: wanted.filter((row) => !has.has(row)),
    missing: wanted.filter((row) => !has.has(row) && !whole.has(row)),
    unknown: [...named].filter((row) => !isOnPage(row, counts)),
    needless: [...whole].filter((row) => has.has(row)),
  }
}

const testFiles = () =>
  readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => relative(root, file) !== join('test', 'spec-coverage.test.ts'))

/** The data, which is TypeScript as everything under test/ is. */
const readData = async () => {
  const source = readFileSync(join(root, 'test', 'spec-coverage.ts'), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`)
}

const print = (title, rows) => {
  if (rows.length > 0) console.log(`${title}: ${rows.join(' ')}`)
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const { exceptions, scope } = await readData()
    const tested = testFiles().flatMap((file) => rowsInTitles(readFileSync(file, 'utf8')))
    if (!existsSync(page)) {
      console.log(
        `The behaviour page is not beside this repository, so its rows cannot be counted; ${new Set(tested).size} rows are named by tests.`,
      )
      return
    }
    const counts = rowsOf(readFileSync(page, 'utf8'))
    const result = compare({ counts, tested, scope, exceptions })
    print('Rows without a test', result.untested)
    console.log('Left out, whole or in part:')
    for (const { row, part, reason } of exceptions)
      console.log(`  ${row}${part === undefined ? '' : ` (${part})`}: ${reason}`)
    print('Neither tested nor left out', result.missing)
    print('Not on the page', result.unknown)
    print('Left out as a whole, but tested', result.needless)
    console.log(
      `${result.tested.length} of ${result.wanted.length} rows tested, ${result.untested.length - result.missing.length} left out, ${result.missing.length} missing`,
    )
    if (result.missing.length + result.unknown.length + result.needless.length > 0) process.exitCode = 1
  })
}
