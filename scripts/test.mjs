// `npm test`: installs and builds when needed, runs the tests, ends with `N passed, N failed`. Only node: imports.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { ensureDeps } from './ensure-deps.mjs'
import { runMain } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const resultFile = join(root, '.cache', `test-result-${process.pid}.json`)

const runVitest = () =>
  new Promise((resolve) => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`]
    const args = [vitest, 'run', ...reporters, ...process.argv.slice(2)]
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
  mkdirSync(join(root, '.cache'), { recursive: true })
  report(await runVitest())
})
