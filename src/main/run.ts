import { apiBase, createApi, type HttpServer, loadPages } from '#src/api/index.ts'
import type { Element } from '#src/element/index.ts'
import { StartError } from '#src/lib/start-error.ts'
import { nowhere } from '#src/services/index.ts'
import { type Ask, printBanner } from './banner.ts'
import type { Config } from './config.ts'
import { type Context, openContext } from './context.ts'
import { credentialsPath, readCredentials } from './credentials-file.ts'
import { ensureAdministrator, ensureSandboxInstance } from './first-run.ts'
import { keepCredentials } from './keep-credentials.ts'
import { pagesFolder } from './pages-folder.ts'
import { createProgress, type Progress } from './progress.ts'
import type { StopStack } from './stack.ts'
import { type StartedSandbox, startSandboxes } from './start-sandboxes.ts'
import { startPresence, startWorker } from './work.ts'

export interface RunInput {
  readonly config: Config
  readonly stack: StopStack
  readonly say: (text: string) => void
  /** Aborts when the person at the terminal wants an end. */
  readonly stopping: AbortSignal
}

const open = async ({ config, stack, say }: RunInput, progress: Progress): Promise<Context> => {
  const context = await openContext(config, progress, (step) => say(`${step}\n`))
  stack.push(context.close)
  return context
}

const listenFailure = (config: Config, error: unknown): StartError => {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') {
    return new StartError(
      `PORT: ${config.port} is taken by another program. Stop it, or set PORT to a free port.`,
    )
  }
  if (code === 'EACCES') {
    return new StartError(`PORT: this user may not listen on ${config.port}. Set PORT to a port above 1023.`)
  }
  const reason = error instanceof Error ? error.message : 'unknown'
  return new StartError(`HOST, PORT: cannot listen on ${config.host}:${config.port}: ${reason}.`)
}

const listen = async ({ config, stack }: RunInput, context: Context): Promise<HttpServer> => {
  const server = createApi(context, {
    logger: context.logger,
    trustProxy: config.trustProxy,
    pages: await loadPages(pagesFolder),
    ...(config.tls === undefined ? {} : { tls: config.tls }),
  })
  try {
    await server.listen(config.host, config.port)
  } catch (error) {
    throw listenFailure(config, error)
  }
  stack.push(() => server.stop())
  return server
}

/** Answers as the API does, without a socket: a certificate need not name loopback. */
const askOwnApi =
  (api: HttpServer): Ask =>
  async (call, credentials) => {
    const reply = await api.inject({
      method: 'GET',
      remoteAddress: nowhere,
      url: `${apiBase}${call.path}?${new URLSearchParams(call.query).toString()}`,
      headers: {
        authorization: `User ${credentials.AMALGAM_USER ?? ''}, Element ${credentials.AMALGAM_ELEMENT ?? ''}`,
      },
    })
    return reply.body
  }

const showBanner = async (
  { config, say }: RunInput,
  api: HttpServer,
  sandboxes: readonly StartedSandbox[],
  element: Element | undefined,
): Promise<void> => {
  const credentials = await readCredentials(credentialsPath(config.dataDir))
  say(await printBanner(config, credentials, sandboxes, element?.sandbox, askOwnApi(api)))
}

const tellAboutMail = ({ config, say }: RunInput): void => {
  if (config.smtp === undefined)
    say('SMTP_URL is not set: e-mails are stored as queued, and go out once it is set.\n')
}

/** API, worker and sandbox in one go: what `npm start` runs. */
export const runAll = async (input: RunInput): Promise<void> => {
  const progress = createProgress(input.say)
  const context = await open(input, progress)
  await ensureAdministrator(context)
  keepCredentials(context)
  const elements = context.catalogue.system.all()
  const sandboxes = await progress('Starting the sandbox', () => startSandboxes(input, elements))
  input.stack.push(await context.instances.watch())
  input.stack.push(await startPresence(context))
  input.stack.push(await context.accounts.watch())
  const api = await listen(input, context)
  input.stack.push(await startWorker(context))
  const withSandbox = elements.find((element) => element.sandbox !== undefined)
  if (withSandbox?.sandbox !== undefined) {
    const { sandbox } = withSandbox
    await progress('Connecting to the sandbox', () => ensureSandboxInstance(context, withSandbox, sandbox))
  }
  tellAboutMail(input)
  await showBanner(input, api, sandboxes, withSandbox)
}

/** The API alone; the worker runs elsewhere. */
export const runServe = async (input: RunInput): Promise<void> => {
  const context = await open(input, createProgress(input.say))
  await ensureAdministrator(context)
  keepCredentials(context)
  input.stack.push(await context.instances.watch())
  input.stack.push(await startPresence(context))
  input.stack.push(await context.accounts.watch())
  await listen(input, context)
  tellAboutMail(input)
  input.say(
    `Amalgam listens at ${input.config.publicUrl}${apiBase}, its page is ${input.config.publicUrl}/\n`,
  )
}

/** The worker alone. */
export const runWork = async (input: RunInput): Promise<void> => {
  const context = await open(input, createProgress(input.say))
  // Calls of our own API run here too: what others change must be known.
  input.stack.push(await context.instances.watch())
  input.stack.push(await startPresence(context))
  input.stack.push(await context.accounts.watch())
  input.stack.push(await startWorker(context))
  tellAboutMail(input)
  input.say('The worker runs.\n')
}

/** Tables brought up to date, keys checked, nothing served. */
export const runMigrate = async (input: RunInput): Promise<void> => {
  await open(input, createProgress(input.say))
  input.say('The tables are up to date.\n')
}
