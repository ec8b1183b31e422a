import { catalogueElements } from '#elements/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { StartError } from '#src/lib/start-error.ts'
import { type Config, processEnvironment, readConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { makeDataDir } from './data-dir.ts'
import { keysCommand } from './keys-command.ts'
import { addOrganization, addUser, setPassword } from './members-command.ts'
import { createProgress } from './progress.ts'
import { type RunInput, runAll, runMigrate, runServe, runWork } from './run.ts'
import { sandboxUrls } from './sandbox-places.ts'
import { createStopStack } from './stack.ts'
import { startSandboxes } from './start-sandboxes.ts'

const usage = `amalgam all                                API, worker and sandboxes in one process group (the default)
amalgam serve                              the API alone
amalgam work                               the worker alone
amalgam sandbox                            the sandboxes alone
amalgam migrate                            brings the tables up to date, then ends
amalgam organization add NAME EMAIL        an organization with its administrator
amalgam user add ORGANIZATION_ID EMAIL     a user of an organization
amalgam user password EMAIL                a new password: the line on standard input, else a made one
amalgam keys status                        which encryption keys there are, and how much needs each
amalgam keys add                           a new first key in the key file
amalgam keys rotate                        seals everything anew under the first key, while others go on
amalgam keys remove ID                     takes away a key that nothing needs any more
`

/** A renewal that is on its way is waited for: what it brings may be all there is. */
const stopWithinMs = 35_000

const say = (text: string): void => {
  process.stdout.write(text)
}

const runSandbox = async ({ config, stack }: RunInput): Promise<void> => {
  if (config.sandbox === undefined) throw new StartError('SANDBOX: it is off.')
  await makeDataDir(config.dataDir)
  const elements = catalogueElements({ sandboxUrls: sandboxUrls(config) })
  for (const { title, url } of await startSandboxes({ config, stack, say }, elements))
    say(`The sandbox of ${title} listens at ${url}\n`)
}

const lasting: Readonly<Record<string, (input: RunInput) => Promise<void>>> = {
  all: runAll,
  serve: runServe,
  work: runWork,
  sandbox: runSandbox,
}

const withContext =
  (run: (context: Context) => Promise<string>) =>
  async ({ config, stack }: RunInput): Promise<void> => {
    const context = await openContext(config, createProgress(say), () => undefined)
    stack.push(context.close)
    say(await run(context))
  }

/** Commands that end by themselves. */
const briefCommand = (words: readonly string[]): ((input: RunInput) => Promise<void>) | undefined => {
  const [first, second, third = '', fourth = ''] = words
  const name = `${first ?? ''} ${second ?? ''}`.trim()
  if (name === 'migrate' && words.length === 1) return runMigrate
  if (name === 'organization add' && words.length === 4)
    return withContext((one) => addOrganization(one, third, fourth))
  if (name === 'user add' && words.length === 4) return withContext((one) => addUser(one, third, fourth))
  if (first === 'keys') return keysCommand(words)
  if (name === 'user password' && words.length === 3) return withContext((one) => setPassword(one, third))
  return undefined
}

const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    // Listened to for good: npm forwards a Ctrl-C that the terminal has sent here already, and the second
    // must not cut the stop short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })

const oneLine = (error: unknown): string | undefined =>
  error instanceof StartError || error instanceof AppError ? error.message : undefined

const fail = (error: unknown): void => {
  const words = oneLine(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.stderr.write(`${words}\n`)
  process.exitCode = 1
}

const runAndStop = async (
  config: Config,
  run: (input: RunInput) => Promise<void>,
  lasts: boolean,
): Promise<void> => {
  const stack = createStopStack(fail)
  const giveUp = (): void => {
    setTimeout(() => process.exit(process.exitCode ?? 1), stopWithinMs).unref()
  }
  const stopping = new AbortController()
  const signalled = untilSignal().then(() => {
    stopping.abort()
    giveUp()
  })
  try {
    // A signal during the start waits for its end, so that whatever it started is stopped too.
    await run({ config, stack, say, stopping: stopping.signal })
    if (lasts) await signalled
  } catch (error) {
    fail(error)
    giveUp()
  }
  await stack.stopAll()
}

/** Runs one command line; sets the exit code. */
export const runCommand = async (argv: readonly string[]): Promise<void> => {
  const words = argv.length === 0 ? ['all'] : argv
  const [first = ''] = words
  const long = words.length === 1 && Object.hasOwn(lasting, first) ? lasting[first] : undefined
  const run = long ?? briefCommand(words)
  if (run === undefined) {
    const asked = ['help', '--help', '-h'].includes(first)
    process[asked ? 'stdout' : 'stderr'].write(usage)
    process.exitCode = asked ? 0 : 1
    return
  }
  try {
    await runAndStop(readConfig(processEnvironment()), run, long !== undefined)
  } catch (error) {
    fail(error)
  }
  process.exit(process.exitCode ?? 0)
}
