import { setTimeout as pause } from 'node:timers/promises'

/** A sandbox that listens. */
export interface Listening {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

const sentenceOf = (error: unknown, port: number | undefined): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `port ${String(port)} is in use by another program; stop that or choose another with --port`
  }
  return error instanceof Error ? error.message : String(error)
}

const retryMs = 100
const retries = 15

/** A killed predecessor may hold the port for a moment longer than its parent lived. */
const startPatiently = async (start: () => Promise<Listening>): Promise<Listening> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start()
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!busy || attempt === retries) throw error
      await pause(retryMs)
    }
  }
}

/**
 * Runs a sandbox as a program. Started with an IPC channel it says `{ready, port}` there and ends with its
 * parent; started by hand it ends at Ctrl-C.
 * @param name what it is called where it speaks.
 */
export const runProgram = async <Options extends { readonly port?: number }>(
  name: string,
  readOptions: (args: readonly string[]) => Options,
  start: (options: Options) => Promise<Listening>,
): Promise<void> => {
  let port: number | undefined
  try {
    const options = readOptions(process.argv.slice(2))
    port = options.port
    const sandbox = await startPatiently(() => start(options))
    let ending = false
    const end = (): void => {
      if (ending) return
      ending = true
      void sandbox.close().then(() => process.exit(0))
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
    process.on('disconnect', end)
    process.stdout.write(`${name} listening on ${sandbox.url}\n`)
    // A parent that died while we started will never read this, and no event tells of it any more.
    if (process.connected) process.send?.({ ready: true, port: sandbox.port })
    else if (process.send !== undefined) end()
  } catch (error) {
    process.stderr.write(`${name}: ${sentenceOf(error, port)}\n`)
    process.exit(1)
  }
}
