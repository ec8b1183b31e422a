// Compiles the sources and the page into dist/ when they are not what dist/ was made from. Only node: imports.
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compressFiles } from './compress.mjs'
import { ensureDeps } from './ensure-deps.mjs'
import { underLock } from './lock.mjs'
import { runMain, runStep, StepError } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const making = join(root, 'dist.tmp')
const markFile = join(dist, '.built')
const folders = ['bin', 'elements', 'sandbox', 'src']
const pageFolders = ['console', 'src/contract']
const settings = ['package.json', 'tsconfig.build.json', 'tsconfig.json']

const isBuilt = (name) => !/\.(test|conformance)\.ts$/.test(name) && !name.endsWith('.md')

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(path)
    return isBuilt(entry.name) ? [path] : []
  })

const hashOf = (parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** Names, sizes and times: enough to tell at once that nothing was touched, added or removed. */
const stampOf = (files) =>
  hashOf(
    files.map((file) => {
      const { size, mtimeMs } = statSync(join(root, file))
      return `${file} ${size} ${mtimeMs}`
    }),
  )

const contentOf = (files) => hashOf(files.flatMap((file) => [file, readFileSync(join(root, file))]))

const readMark = () => {
  try {
    return JSON.parse(readFileSync(markFile, 'utf8'))
  } catch {
    return {}
  }
}

const copyAssets = (files) => {
  const isAsset = (name) => !name.endsWith('.ts') && !name.startsWith('console/') && !settings.includes(name)
  for (const file of files.filter(isAsset)) {
    mkdirSync(dirname(join(making, file)), { recursive: true })
    copyFileSync(join(root, file), join(making, file))
  }
}

const compile = async () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', making]
  const { code, output } = await runStep('Building', process.execPath, args, { cwd: root })
  if (code === 0) return
  console.error(output.trim())
  throw new StepError(
    'The build failed: mend what the compiler names above, or go back to a released version',
  )
}

/** What the page is made from; the same page is not made twice. */
const pageContent = () => contentOf([...pageFolders.flatMap(filesBelow), 'package-lock.json'].sort())

const buildPage = async (page) => {
  const target = join(making, 'console')
  const before = join(dist, 'console')
  if (readMark().page === page && existsSync(before)) {
    cpSync(before, target, { recursive: true })
    return
  }
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', 'console', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn']
  const { code, output } = await runStep('Building the page', process.execPath, args, { cwd: root })
  if (code !== 0) {
    console.error(output.trim())
    throw new StepError(
      'The build of the page failed: mend what is named above, or go back to a released version',
    )
  }
  await compressFiles(target)
}

/** Made aside and then swapped in, so that a build that was cut off is never taken for a whole one. */
const make = async (files, mark) => {
  rmSync(making, { recursive: true, force: true })
  await Promise.all([compile(), buildPage(mark.page)])
  copyAssets(files)
  writeFileSync(join(making, '.built'), JSON.stringify(mark))
  const old = join(root, '.cache', `dist-${process.pid}`)
  rmSync(old, { recursive: true, force: true })
  try {
    renameSync(dist, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(making, dist)
  rmSync(old, { recursive: true, force: true })
}

/** Builds when needed. Costs one stat a source file when nothing changed. */
export const build = async () => {
  const files = [...folders.flatMap(filesBelow), ...filesBelow('console'), ...settings].sort()
  const stamp = stampOf(files)
  if (readMark().stamp === stamp) return
  await underLock(join(root, '.cache', 'build.lock'), 'building', async () => {
    const content = contentOf(files)
    const mark = readMark()
    if (mark.stamp === stamp) return
    const page = pageContent()
    if (mark.content === content) writeFileSync(markFile, JSON.stringify({ stamp, content, page }))
    else await make(files, { stamp, content, page })
  })
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await ensureDeps()
    await build()
  })
}
