import { spawn } from 'node:child_process'

/** Ends the program with one line: what is wrong and what to do. */
export class StepError extends Error {}

/**
 * Runs a program and collects what it says. Prints `title` once it takes over a second, and how long it took.
 * Resolves to `{ code, output }`; code -1 when it could not be started.
 */
export const runStep = async (title, command, args, options) => {
  const began = Date.now()
  let told = false
  const tell = setTimeout(() => {
    told = true
    console.log(`${title} ...`)
  }, 1000)
  const result = await new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: -1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
  })
  clearTimeout(tell)
  if (told && result.code === 0) console.log(`${title}: done in ${Math.round((Date.now() - began) / 1000)} s`)
  return result
}

/** Runs the main function of a script; a StepError is printed as its line alone, exit code 1. */
export const runMain = async (main) => {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof StepError ? error.message : error)
    process.exitCode = 1
  }
}
