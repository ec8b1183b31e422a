// The thread in which scripts run. It holds nothing but contexts; what it is asked comes in as text, and goes out so.
import { parentPort } from 'node:worker_threads'
import { newQuickJSWASMModule } from 'quickjs-emscripten'
import { openContext, type ScriptContext } from './context.ts'
import { EntryEnd } from './interpreter.ts'
import type { EntryAsked, EntryTold } from './script-call.ts'
import { standBack } from './thread-time.ts'

/** Of owners whose scripts ran last. */
const contextsKept = 40

standBack()
const module = await newQuickJSWASMModule()
const contexts = new Map<string, ScriptContext>()

const forget = (owner: string): void => {
  contexts.get(owner)?.dispose()
  contexts.delete(owner)
}

/** @throws EntryEnd where the script does not compile. */
const contextFor = (asked: EntryAsked): ScriptContext => {
  const found = contexts.get(asked.owner)
  if (found?.serves(asked) === true) {
    // Last in order: the first is the one that was used longest ago.
    contexts.delete(asked.owner)
    contexts.set(asked.owner, found)
    return found
  }
  forget(asked.owner)
  const [oldest] = contexts.keys()
  if (contexts.size >= contextsKept && oldest !== undefined) forget(oldest)
  const made = openContext(module, asked)
  contexts.set(asked.owner, made)
  return made
}

const enter = (asked: EntryAsked): EntryTold => {
  try {
    const context = contextFor(asked)
    const text = context.enter(asked)
    if (!context.isReusable()) forget(asked.owner)
    return { text }
  } catch (error) {
    if (!(error instanceof EntryEnd)) throw error
    forget(asked.owner)
    return error.told
  }
}

parentPort?.on('message', (asked: EntryAsked) => {
  let told: EntryTold
  try {
    told = enter(asked)
  } catch (error) {
    // The interpreter itself gave way, as on a stack that ran out: this thread is ended.
    told = { failed: 'broken', words: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(told)
})
parentPort?.postMessage('ready')
