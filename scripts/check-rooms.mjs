// Holds the import rules of .dependency-cruiser.cjs, and proves first that they can fail: on the fixture
// tree every planted violation must be found. A checker that reads no module would call everything clean.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')

/** What the cruiser says of a tree: modules read, violations by rule. */
export const cruise = (folder, targets) => {
  const config = join(root, '.dependency-cruiser.cjs')
  let text
  try {
    text = execFileSync(
      process.execPath,
      [cruiser, '--config', config, '--output-type', 'json', ...targets],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
  } catch (error) {
    text = error.stdout
    if (!text?.startsWith('{')) throw new Error(`dependency-cruiser failed: ${error.stderr}`)
  }
  const { summary } = JSON.parse(text)
  return { modules: summary.totalCruised, violations: summary.violations }
}

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))

/** Rules named by `planted:` comments in the fixture tree. */
export const plantedRules = (folder) =>
  filesUnder(folder).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/planted: (.+)/g)].flatMap(([, names]) =>
      names.split(',').map((name) => name.trim()),
    ),
  )

export const fixture = join(root, 'test', 'fixtures', 'rooms')

/** Planted rules that were not found; empty when the check can fail as it must. */
export const missedRules = () => {
  const planted = plantedRules(fixture)
  if (planted.length === 0) throw new Error('the fixture tree plants nothing')
  const { violations } = cruise(fixture, ['src', 'elements', 'sandbox', 'console'])
  const found = new Set(violations.map((violation) => violation.rule.name))
  return planted.filter((rule) => !found.has(rule))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missed = missedRules()
  if (missed.length > 0) {
    console.error(`room check: planted violations were not caught: ${missed.join(', ')}`)
    process.exit(1)
  }
  const { modules, violations } = cruise(root, ['src', 'elements', 'sandbox', 'bin', 'console'])
  for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`)
  if (modules < 50) console.error(`room check: only ${modules} modules were read`)
  if (violations.length > 0 || modules < 50) process.exit(1)
  console.log(`rooms: ${modules} modules, no violation; every planted violation caught`)
}
