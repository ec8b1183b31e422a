import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const holder = (path) => {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10)
  } catch {
    return undefined
  }
}

const tryLock = (path) => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const pid = holder(path)
  // Left behind by a killed process: the next attempt takes it.
  if (pid === process.pid || (Number.isInteger(pid) && !isAlive(pid))) rmSync(path, { force: true })
  return false
}

/** Runs `work` while no other process runs under the same lock file; waits for it as long as it lives. */
export const underLock = async (path, waitingFor, work) => {
  mkdirSync(dirname(path), { recursive: true })
  for (let tries = 0; !tryLock(path); tries += 1) {
    if (tries === 10) console.log(`Waiting for another process (${holder(path)}) that is ${waitingFor} ...`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}
