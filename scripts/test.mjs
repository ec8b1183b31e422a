// `npm test`: installs and builds when needed, compiles the tests, runs them, ends with `N passed, N failed`. Only node:
// imports. With --config, what is compiled already runs by that.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { ensureDeps } from './ensure-deps.mjs'
import { runMain, runStep, StepError } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const resultFile = join(root, '.cache', `test-result-${process.pid}.json`)

const hasConfig = process.argv.includes('--config')

const markFile = join(root, 'dist', '.tests-built')
const sources = ['bin', 'elements', 'sandbox', 'src', 'test', 'tsconfig.json', 'tsconfig.tests.json']

/** Names, sizes and times of all that is compiled. */
const stampOfSources = () => {
  const hash = createHash('sha256')
  for (const source of sources) {
    const names = source.endsWith('.json')
      ? ['']
      : readdirSync(join(root, source), { recursive: true }).sort()
    for (const name of names) {
      const { size, mtimeMs } = statSync(join(root, source, name))
      hash.update(`${source}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

/** Compiled tests of sources that are gone would still run. */
const removeCompiledTests = () => {
  rmSync(join(root, 'dist', 'test'), { recursive: true, force: true })
  for (const folder of ['src', 'elements', 'sandbox'])
    for (const name of readdirSync(join(root, 'dist', folder), { recursive: true }))
      if (name.endsWith('.test.js')) rmSync(join(root, 'dist', folder, name))
}

const compileTests = async () => {
  const stamp = stampOfSources()
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === stamp) return
  removeCompiledTests()
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', 'tsconfig.tests.json']
  const { code, output } = await runStep('Compiling the tests', process.execPath, args, { cwd: root })
  if (code !== 0) throw new StepError(`The tests do not compile:\n${output}`)
  writeFileSync(markFile, stamp)
}

const runVitest = () =>
  new Promise((resolve) => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`]
    const config = hasConfig ? [] : ['--config', 'vitest.all.config.ts']
    const args = [vitest, 'run', ...config, ...reporters, ...process.argv.slice(2)]
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
    // Ctrl-C reaches the child too, which then cleans up; a second one would cut that short.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })

const readResult = () => {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] }
  }
}

/** The failures once more, close to the end, where a long log is read. */
const tellFailures = (testResults) => {
  for (const { name, message, assertionResults } of testResults) {
    const file = relative(root, name)
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed') console.log(`FAILED: ${file}: ${fullName}: ${firstLines(failureMessages[0])}`)
    }
    if (assertionResults.length === 0 && message) console.log(`FAILED: ${file}: ${firstLines(message)}`)
  }
}

const firstLines = (text = '') => text.split('\n', 3).join(' ').slice(0, 600)

const report = (exitCode) => {
  const { numPassedTests, numFailedTests, testResults } = readResult()
  rmSync(resultFile, { force: true })
  // A file that does not load fails without a failed test, and so does an error outside of any test.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  )
  const failed = numFailedTests + brokenFiles.length
  if (failed > 0) tellFailures(testResults)
  console.log(`${numPassedTests} passed, ${failed === 0 && exitCode !== 0 ? 1 : failed} failed`)
  process.exitCode = exitCode === 0 && failed > 0 ? 1 : exitCode
}

await runMain(async () => {
  await ensureDeps()
  await build()
  if (!hasConfig) await compileTests()
  mkdirSync(join(root, '.cache'), { recursive: true })
  report(await runVitest())
})
