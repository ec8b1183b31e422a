import type { QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'
import { asFunction, asStatements } from './compose.ts'
import { helpers } from './helpers.ts'
import { EntryEnd, type Interpreter, openInterpreter, wordsOf } from './interpreter.ts'
import { prelude } from './prelude.ts'
import { type EntryAsked, limits } from './script-call.ts'

export type ScriptContext = ReturnType<typeof openContext>

/** Code that runs code of a text, whose declarations nothing could take away. */
const runsText = /\b(?:eval|Function|constructor|import)\b/

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

/** The body as a function of its names. @throws EntryEnd where it does not compile. */
const compile = ({ evaluate }: Interpreter, body: string, names: readonly string[]): QuickJSHandle => {
  const whole = asFunction(body, names)
  if (whole !== undefined) {
    try {
      return evaluate(whole, 'script.js')
    } catch (error) {
      // Statements may begin with a function, too.
      if (!(error instanceof EntryEnd) || error.told.failed !== 'script') throw error
    }
  }
  return evaluate(asStatements(body, names), 'script.js')
}

const prepare = (interpreter: Interpreter, made: EntryAsked) => {
  const { context, keep, evaluate, call } = interpreter
  const names = [...made.eachNames, ...made.sharedNames, ...(made.answers === 'done' ? ['done'] : [])]
  const maker = keep(call(evaluate(prelude, 'prelude.js'), keep(helperIn(interpreter))))
  const script = compile(interpreter, made.body, names)
  const watched = keep(context.newNumber(made.eachNames.indexOf(made.watched ?? '')))
  const byDone = made.answers === 'done' ? context.true : context.false
  const entry = keep(call(maker, script, byDone, watched))
  return {
    enter: keep(context.getProp(entry, 'enter')),
    print: keep(context.getProp(entry, 'print')),
    isSoiled: keep(context.getProp(entry, 'isSoiled')),
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
    /** Whether the next entry would find it as the last one did. */
    isReusable: (): boolean =>
      !runsText.test(made.body) &&
      call(prepared.isSoiled).consume((soiled) => context.sameValue(soiled, context.false)),
    dispose: interpreter.dispose,
  }
}
