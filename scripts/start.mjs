// `npm start`: installs and builds when needed, then runs the program in this process. Only node: imports.
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { ensureDeps } from './ensure-deps.mjs'
import { runMain } from './run-step.mjs'

await runMain(async () => {
  await ensureDeps()
  await build()
  const program = new URL('../dist/bin/amalgam.js', import.meta.url)
  const given = process.argv.slice(2)
  process.argv = [process.execPath, fileURLToPath(program), ...(given.length === 0 ? ['all'] : given)]
  process.setSourceMapsEnabled(true)
  await import(program.href)
})
