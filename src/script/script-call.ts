import type { Json } from '#src/lib/json.ts'

/** A body to run, once for each item, in one entry into the sandbox for up to `runsAtOnce` of them. */
export interface ScriptCall {
  /** Whose script it is: a context of the sandbox serves one owner and body only. */
  readonly owner: string
  /** Whose time it takes: an organization has one run at a time, and waits for its turn among the others. */
  readonly organizationId: number
  /** Bare statements, or a whole `function (...) {...}`. */
  readonly body: string
  /** Whether a body answers by `done(value)`, or by `return value`. */
  readonly answers: 'done' | 'return'
  /** The values of each run by name: a list a name, all of one length. In this order to a function with names of its own. */
  readonly each: Readonly<Record<string, readonly Json[]>>
  /** Values by name that all runs share. */
  readonly shared: Readonly<Record<string, Json>>
  /** A name of `each`: it is told whether an answer is that very value, changed or not. */
  readonly watched?: string
}

/** What came of one run. */
export type ScriptOutcome =
  | { readonly kind: 'answer'; readonly value: Json; readonly isWatched: boolean }
  /** It answered undefined. */
  | { readonly kind: 'nothing' }
  /** In words for who wrote the script. */
  | { readonly kind: 'failed'; readonly error: string }

/** Runs in one entry. */
export const runsAtOnce = 100

/** What a script may use. */
export const limits = {
  stackBytes: 128 * 1024,
  heapBytes: 32 * 1024 * 1024,
  /** Of a thread's memory: it never shrinks, so past this a thread is replaced once its entry has ended. */
  wornBytes: 40 * 1024 * 1024,
  /** On a core, for one entry; the interpreter looks at the clock. */
  entryMs: 1_000,
  /** Likewise: where the interpreter does not come to look, as while it allocates, its thread is ended. */
  threadMs: 2_000,
  /** For an entry to wait for its turn. */
  waitMs: 5_000,
  /** Of JSON that an entry may answer, unless it was given more: the main thread has to read it. */
  answerBytes: 4 * 1024 * 1024,
} as const

/** What the thread is asked: an entry. */
export interface EntryAsked
  extends Pick<ScriptCall, 'owner' | 'organizationId' | 'body' | 'answers' | 'watched'> {
  readonly eachNames: readonly string[]
  readonly sharedNames: readonly string[]
  /** `[count, [[values of a name], ...], [shared values]]` as JSON text. */
  readonly values: string
}

/** What is said of it: the JSON text of an `Answered` for each run, or why there is none. */
export type EntryTold =
  | { readonly text: string; readonly isWorn?: boolean }
  | { readonly failed: 'time' | 'memory' | 'size' | 'script' | 'broken' | 'busy'; readonly words: string }

/** What the thread says first: its number, where it has one. */
export interface ThreadReady {
  readonly ready: number | undefined
}

/** `[value]`, with a second item where it is the watched one; `[]` for undefined; a text for a failure. */
export type Answered = readonly [] | readonly [Json] | readonly [Json, 1] | string
