// The thread in which scripts run. It holds nothing but contexts; what it is asked comes in as text, and goes out so.
import { parentPort } from 'node:worker_threads'
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from 'quickjs-emscripten'
import { openContext, type ScriptContext } from './context.ts'
import { EntryEnd } from './interpreter.ts'
import { type EntryAsked, type EntryTold, limits, type ThreadReady } from './script-call.ts'
import { standBack } from './thread-time.ts'

/** As much of it as is used here: the libraries that this is compiled with name no part of the web. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number
    readonly maximum: number
  }) => {
    readonly buffer: ArrayBufferLike
  }
}

/** Of owners whose scripts ran last. */
const contextsKept = 40

/** What the interpreter needs at first: its own stack and data. */
const firstPages = 256
const pageBytes = 64 * 1024

const thread = standBack()
// The interpreter's own limit is of a single allocation here: it cannot ask its allocator for sizes. This is of them all.
const wasmMemory = new WebAssembly.Memory({
  initial: firstPages,
  maximum: firstPages + limits.heapBytes / pageBytes,
})
const module = await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmMemory }))
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
    const text = contextFor(asked).enter(asked)
    return { text, isWorn: wasmMemory.buffer.byteLength > limits.wornBytes }
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
parentPort?.postMessage({ ready: thread } satisfies ThreadReady)
