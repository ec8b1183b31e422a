import type { QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'
import { asFunction, asStatements, assignedNames } from './compose.ts'
import { helpers } from './helpers.ts'
import { EntryEnd, type Interpreter, openInterpreter, wordsOf } from './interpreter.ts'
import { librariesFor } from './libraries.ts'
import { prelude } from './prelude.ts'
import { type EntryAsked, limits } from './script-call.ts'

export type ScriptContext = ReturnType<typeof openContext>

const sameNames = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at])

const helperIn = ({ context }: Interpreter): QuickJSHandle =>
  context.newFunction('helper', (name, ...given) => {
    const helper = helpers[context.getString(name)]
    try {
      const made = helper?.(...given.map((one) => context.getString(one))) ?? ''
      return context.newString(made)
    } catch (error) {
      return { error: context.newError({ name: 'Error', message: wordsOf(error).replace(/^\w+: /, '') }) }
    }
  })

interface Compiled {
  readonly script: QuickJSHandle
  /** What its text is where it is one function and nothing else. */
  readonly source: string
}

/** Names of a body's own that it assigns and may not have declared: for them the global object is closed. */
const ownNames = ({ context, evaluate }: Interpreter, body: string): readonly string[] => {
  const assigned = assignedNames(body)
  if (assigned.length === 0) return assigned
  const known = context.getString(evaluate('Object.getOwnPropertyNames(globalThis).join()', 'names.js'))
  const globals = new Set(known.split(','))
  return assigned.filter((name) => !globals.has(name))
}

/** The body as a function of its names. @throws EntryEnd where it does not compile. */
const compile = (interpreter: Interpreter, body: string, names: readonly string[]): Compiled => {
  const own = ownNames(interpreter, body)
  const compiled = (source: string): Compiled => ({
    source,
    script: interpreter.evaluate(`(${source})`, 'script.js'),
  })
  const whole = asFunction(body, names, own)
  if (whole !== undefined) {
    try {
      return compiled(whole)
    } catch (error) {
      // Statements may begin with a function, too.
      if (!(error instanceof EntryEnd) || error.told.failed !== 'script') throw error
    }
  }
  return compiled(asStatements(body, names, own))
}

const prepare = (interpreter: Interpreter, made: EntryAsked) => {
  const { context, keep, evaluate, call } = interpreter
  const names = [...made.eachNames, ...made.sharedNames, ...(made.answers === 'done' ? ['done'] : [])]
  const libraries = librariesFor(made.body)
  if (libraries !== undefined) evaluate(libraries, 'libraries.js')
  const maker = keep(call(evaluate(prelude, 'prelude.js'), keep(helperIn(interpreter))))
  const { script, source } = compile(interpreter, made.body, names)
  const watched = keep(context.newNumber(made.eachNames.indexOf(made.watched ?? '')))
  const byDone = made.answers === 'done' ? context.true : context.false
  const entry = keep(call(maker, script, keep(context.newString(source)), byDone, watched))
  return {
    enter: keep(context.getProp(entry, 'enter')),
    print: keep(context.getProp(entry, 'print')),
  }
}

/**
 * A context with the language frozen and a body compiled in it, which serves one owner and body.
 * @throws EntryEnd where the body does not compile.
 */
export const openContext = (module: QuickJSWASMModule, made: EntryAsked) => {
  const interpreter = openInterpreter(module)
  const { context, call } = interpreter
  const prepared = (() => {
    try {
      return prepare(interpreter, made)
    } catch (error) {
      interpreter.dispose()
      throw error
    }
  })()

  const textOf = (handle: QuickJSHandle, mostBytes: number): string => {
    const length = context.getProp(handle, 'length').consume((one) => context.getNumber(one))
    if (length > mostBytes) throw new EntryEnd({ failed: 'size', words: '' })
    return handle.consume((one) => context.getString(one))
  }

  return {
    serves: (asked: EntryAsked): boolean =>
      asked.body === made.body &&
      asked.answers === made.answers &&
      asked.watched === made.watched &&
      sameNames(asked.eachNames, made.eachNames) &&
      sameNames(asked.sharedNames, made.sharedNames),
    /** The JSON text of the outcomes. @throws EntryEnd: then the context is to be disposed of. */
    enter: ({ values }: EntryAsked): string => {
      const most = Math.max(limits.answerBytes, values.length * 2)
      interpreter.begin()
      const text = context.newString(values).consume((input) => textOf(call(prepared.enter, input), most))
      return interpreter.runPending() ? textOf(call(prepared.print), most) : text
    },
    dispose: interpreter.dispose,
  }
}
