// `npm run bench [part ...] [-- --check] [--rounds N] [--seconds N]`: the product beside the yardsticks. Installs and
// builds when needed, then runs test/bench, which measures the built product. Only node: imports.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { ensureDeps } from './ensure-deps.mjs'
import { runMain, runStep, StepError } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const compile = async () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { code, output } = await runStep(
    'Building the benchmark',
    process.execPath,
    [tsc, '-p', 'tsconfig.bench.json'],
    { cwd: root },
  )
  if (code !== 0) throw new StepError(output.trim())
}

const run = () =>
  new Promise((resolve) => {
    const program = join(root, 'dist', 'test', 'bench', 'main.js')
    const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
    })
    // Ctrl-C reaches the child too, which then cleans up; a second one would cut that short.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })

await runMain(async () => {
  await ensureDeps()
  await build()
  await compile()
  process.exitCode = await run()
})
