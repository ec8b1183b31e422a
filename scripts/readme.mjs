// Runs the README's own command lines, word for word, on a clean clone of HEAD, and compares what they
// print with what the README shows. A block ```sh followed by a block ```json, ```text or ```console-output
// is a command and its output.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const startWithinMs = 120_000

const blocksOf = (text) =>
  [...text.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, kind, flags, body]) => ({
    kind,
    flags: flags.trim(),
    body: body.trimEnd(),
  }))

/** Commands that CI runs: each `sh` block marked `run`, with the output block that follows it. */
export const commandsOf = (text) => {
  const blocks = blocksOf(text)
  return blocks.flatMap((block, at) => {
    if (block.kind !== 'sh' || !block.flags.startsWith('run')) return []
    const next = blocks[at + 1]
    const expected = next?.flags === 'output' ? next.body : undefined
    return [{ command: block.body, expected, printed: block.flags.includes('printed') }]
  })
}

const normal = (text) => {
  const trimmed = text.trim()
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2)
  } catch {
    return trimmed
  }
}

const waitFor = (child, words) =>
  new Promise((resolve, reject) => {
    let seen = ''
    const timer = setTimeout(
      () => reject(new Error(`no "${words}" within ${startWithinMs} ms:\n${seen}`)),
      startWithinMs,
    )
    const look = (chunk) => {
      seen += chunk
      if (!seen.includes(words)) return
      clearTimeout(timer)
      resolve(seen)
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`npm start ended with ${code}:\n${seen}`))
    })
  })

const results = { passed: 0, failed: 0 }
const point = (name, ok, detail = '') => {
  results[ok ? 'passed' : 'failed'] += 1
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || detail === '' ? '' : `\n${detail}`}`)
}

const stop = async (child) => {
  if (child.exitCode !== null) return child.exitCode
  const gone = new Promise((resolve) => child.once('exit', resolve))
  // As a terminal does it: to the whole group.
  process.kill(-child.pid, 'SIGINT')
  return gone
}

const run = async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const commands = commandsOf(readme)
  point('the README has command lines', commands.length >= 3)
  const folder = mkdtempSync(join(tmpdir(), 'amalgam-readme-'))
  // An unprivileged database server must be able to enter.
  chmodSync(folder, 0o711)
  const clone = join(folder, 'amalgam')
  try {
    execFileSync('git', ['clone', '--quiet', root, clone])
    const started = Date.now()
    const child = spawn('npm', ['start'], { cwd: clone, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    try {
      const banner = await waitFor(child, 'Ctrl-C stops everything.')
      console.log(`npm start on a fresh clone: ready after ${((Date.now() - started) / 1000).toFixed(1)} s`)
      for (const { command, expected, printed } of commands) {
        if (printed) point('npm start printed the same line', banner.includes(command), command)
        const made = spawnSync('bash', ['-c', command], { cwd: clone, encoding: 'utf8' })
        const name = command.split('\n')[0]
        point(
          name,
          made.status === 0 && (expected === undefined || normal(made.stdout) === normal(expected)),
          made.stdout + made.stderr,
        )
      }
    } finally {
      const code = await stop(child)
      point('Ctrl-C ends it with status 0', code === 0, `status ${code}`)
    }
  } catch (error) {
    point('npm start on a clean clone', false, String(error))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`${results.passed} passed, ${results.failed} failed`)
  process.exit(results.failed === 0 ? 0 : 1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
