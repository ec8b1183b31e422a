// `npm run proof [name ...] [-- --scale 0.05] [--seed N]`: the long proofs, folders of test/proofs. Full counts
// without --scale. Prints the seed, ends with `N passed, N failed`; a failure prints the command that repeats it.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runMain, StepError } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'test', 'proofs')

/** Every folder with a test of its own but `support`, where the proofs' common parts live. */
const proofNames = () =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'support')
    .map((entry) => entry.name)

const read = (args) => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { scale: { type: 'string' }, seed: { type: 'string' } },
    })
  } catch (error) {
    throw new StepError(`${error.message}. Use: npm run proof [name ...] -- [--scale 0.05] [--seed N]`)
  }
}

/**
 * npm keeps options before `--` to itself: it passes `--scale=0.05` as npm_config_scale, and of `--scale 0.05` the
 * number alone.
 */
const scaleFromNpm = (positionals) => {
  const { npm_config_scale: scale, npm_config_seed: seed } = process.env
  if (scale !== 'true') return scale
  const number = positionals.findIndex((one) => Number(one) > 0)
  return number === -1 || seed !== undefined ? undefined : positionals.splice(number, 1)[0]
}

const seedFromNpm = () => (process.env.npm_config_seed === 'true' ? undefined : process.env.npm_config_seed)

/** Which proofs, what part of their counts, which seed. @throws StepError that says what is wrong. */
const readChoice = (args) => {
  const { values, positionals } = read(args)
  const scale = Number(values.scale ?? scaleFromNpm(positionals) ?? 1)
  const seed = Number(values.seed ?? seedFromNpm() ?? randomInt(1, 1_000_000_000))
  const known = proofNames()
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const hint = Number.isFinite(Number(unknown)) ? ' Put -- before the options.' : ''
    throw new StepError(`There is no proof '${unknown}', but ${known.join(', ')}.${hint}`)
  }
  if (!(scale > 0 && scale <= 10))
    throw new StepError('--scale: a number above 0, at most 10; 1 is the full counts')
  if (!Number.isSafeInteger(seed)) throw new StepError('--seed: a whole number')
  return { names: positionals.length > 0 ? positionals : known, scale, seed }
}

const runTests = ({ names, scale, seed }) =>
  new Promise((resolve) => {
    const paths = names.map((name) => `test/proofs/${name}/`)
    const child = spawn(process.execPath, [join(root, 'scripts', 'test.mjs'), ...paths], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, AMALGAM_PROOF_SCALE: String(scale), AMALGAM_PROOF_SEED: String(seed) },
    })
    // Ctrl-C reaches the child too, which then cleans up; a second one would cut that short.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })

await runMain(async () => {
  const choice = readChoice(process.argv.slice(2))
  const options = `${choice.scale === 1 ? '' : ` --scale ${choice.scale}`} --seed ${choice.seed}`
  console.log(`npm run proof ${choice.names.join(' ')} --${options}`)
  process.exitCode = await runTests(choice)
})
