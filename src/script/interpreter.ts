import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'
import { type EntryTold, limits } from './script-call.ts'
import { threadMs } from './thread-time.ts'

type Failed = Extract<EntryTold, { failed: unknown }>

/** What ends an entry. */
export class EntryEnd extends Error {
  override name = 'EntryEnd'
  readonly told: Failed
  constructor(told: Failed) {
    super(told.words)
    this.told = told
  }
}

/** What was thrown, in words. */
export const wordsOf = (error: unknown): string => {
  const { name = 'Error', message = '' } = (typeof error === 'object' ? error : { message: error }) as {
    readonly name?: unknown
    readonly message?: unknown
  }
  return `${String(name)}: ${String(message)}`.slice(0, 500)
}

const endedBy = (error: unknown): EntryEnd => {
  const words = wordsOf(error)
  if (words.startsWith('InternalError: interrupted')) return new EntryEnd({ failed: 'time', words: '' })
  // Without memory for an error, there is none.
  if (error === '' || error === null || words.startsWith('InternalError: out of memory'))
    return new EntryEnd({ failed: 'memory', words: '' })
  return new EntryEnd({ failed: 'script', words })
}

type Result = ReturnType<QuickJSContext['callFunction']>

export type Interpreter = ReturnType<typeof openInterpreter>

/** A runtime with one context and the limits of a script; what it keeps goes with it. */
export const openInterpreter = (module: QuickJSWASMModule) => {
  const runtime = module.newRuntime()
  runtime.setMemoryLimit(limits.heapBytes)
  runtime.setMaxStackSize(limits.stackBytes)
  let deadlineMs = 0
  let beganMs = 0
  /** Begins an entry's time: the clock is cheap to ask, the thread's own time is asked when the clock says it may be over. */
  const begin = (): void => {
    beganMs = threadMs()
    deadlineMs = performance.now() + limits.entryMs
  }
  begin()
  runtime.setInterruptHandler(() => {
    if (performance.now() <= deadlineMs) return false
    const leftMs = limits.entryMs - (threadMs() - beganMs)
    deadlineMs = performance.now() + leftMs
    return leftMs <= 0
  })
  const context = runtime.newContext()
  const kept: QuickJSHandle[] = []

  const keep = (handle: QuickJSHandle): QuickJSHandle => {
    kept.push(handle)
    return handle
  }

  const unwrap = (result: Result): QuickJSHandle => {
    if (result.error === undefined) return result.value
    const end = endedBy(context.dump(result.error))
    result.error.dispose()
    throw end
  }

  return {
    context,
    keep,
    begin,
    /** The value of an expression. @throws EntryEnd where it throws, or is none. */
    evaluate: (code: string, file: string): QuickJSHandle => keep(unwrap(context.evalCode(code, file))),
    /** The caller disposes of what is returned. @throws EntryEnd. */
    call: (method: QuickJSHandle, ...given: readonly QuickJSHandle[]): QuickJSHandle =>
      unwrap(context.callFunction(method, context.undefined, ...given)),
    /** Runs what was put off by promises. @returns whether there was anything. @throws EntryEnd. */
    runPending: (): boolean => {
      if (!runtime.hasPendingJob()) return false
      const result = runtime.executePendingJobs()
      if (result.error === undefined) return true
      const end = endedBy(context.dump(result.error))
      result.error.dispose()
      throw end
    },
    dispose: (): void => {
      for (const handle of kept) handle.dispose()
      context.dispose()
      runtime.dispose()
    },
  }
}
