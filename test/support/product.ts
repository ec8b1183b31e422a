import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiContext, createApi } from '#src/api/index.ts'
import type { Element } from '#src/element/index.ts'
import { type Config, readConfig } from '#src/main/config.ts'
import { type Context, openContext } from '#src/main/context.ts'
import { startPresence } from '#src/main/work.ts'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../sandbox/concur/server.ts'
import {
  type SandboxOptions as CrmOptions,
  startSandbox as startCrm,
} from '../../sandbox/hubspotcrm/server.ts'
import { checkTapped } from '../contract/check-tapped.ts'
import { createTestDatabase } from './database.ts'
import { stayOnLoopback } from './loopback-only.ts'
import { startTap, type Tap } from './tap.ts'

/** A member of an organization, as a client knows it. */
export interface Member {
  readonly email: string
  readonly password: string
  readonly user: string
  readonly organization: string
}

/** The whole product in this process: real PostgreSQL, real sandbox and API over sockets. */
export interface Product {
  readonly url: string
  readonly config: Config
  readonly context: Context
  readonly sandbox: RunningSandbox
  /** Address of the HubSpot sandbox; absent: it was not asked for. */
  readonly crmUrl?: string
  /** Notes what the product asks of the sandbox; absent: nothing stands between them. */
  readonly tap?: Tap
  readonly admin: Member
  readonly addMember: (organization: string, email: string) => Promise<Member>
  readonly close: () => Promise<void>
}

export interface ProductOptions {
  readonly sandbox?: SandboxOptions
  /** Starts the HubSpot sandbox too. */
  readonly crm?: CrmOptions
  readonly environment?: Readonly<Record<string, string>>
  /** Receives the lines of the log. */
  readonly logTo?: { readonly write: (line: string) => void }
  /**
   * The product reaches the sandbox through a tap. With CHECK_REQUESTS=on in the environment it always does, and
   * `close` throws where a request is not as SAP Concur published it.
   */
  readonly tap?: boolean
  /** Elements of a test's own, behind those of the catalogue. */
  readonly elements?: readonly Element[]
}

const password = 'correct horse battery'

const member = async (context: Context, name: string, email: string): Promise<Member> => {
  const made = await context.accounts.addOrganization(name, email, password)
  return { email, password, user: made.userSecret, organization: made.organizationSecret }
}

/** An API with its own context, as one more process of the same installation would be. */
export interface Served {
  readonly url: string
  readonly context: Context
  readonly stop: () => Promise<void>
}

const serve = async (
  config: Config,
  { logTo, elements = [] }: Pick<ProductOptions, 'logTo' | 'elements'>,
): Promise<Served> => {
  const context = await openContext(
    config,
    (_step, run) => run(),
    () => undefined,
    logTo,
    elements,
  )
  const unwatch = await context.instances.watch()
  const endPresence = await startPresence(context)
  const api = createApi(context satisfies ApiContext, {
    logger: context.logger,
    trustProxy: config.trustProxy,
  })
  const { port } = await api.listen('127.0.0.1', 0)
  return {
    url: `http://127.0.0.1:${port}/elements/api-v2`,
    context,
    stop: async () => {
      await api.stop()
      await unwatch()
      await endPresence()
      await context.close()
    },
  }
}

/** The configuration of another process on the product's database, data folder and sandbox. */
export const configBeside = ({ config }: Product, environment: Readonly<Record<string, string>>): Config => ({
  ...readConfig({
    DATABASE_URL: config.databaseUrl,
    DATA_DIR: config.dataDir,
    LOG_LEVEL: config.logLevel,
    SANDBOX_PORT: config.sandbox?.ports.join(','),
    ...environment,
  }),
  port: 0,
})

/** Another API on the product's database, data folder and sandbox; whoever starts it stops it first. */
export const serveBeside = (
  product: Product,
  environment: Readonly<Record<string, string>>,
  elements: readonly Element[] = [],
): Promise<Served> => serve(configBeside(product, environment), { elements })

/** Starts everything on free ports; `close` ends it and leaves nothing behind. */
export const startProduct = async (options: ProductOptions = {}): Promise<Product> => {
  // A test that names a vendor's host by accident must neither call nor even look it up.
  const leaveLoopback = stayOnLoopback()
  const sandbox = await startSandbox({ port: 0, reports: 400, ...options.sandbox })
  const checks = process.env['CHECK_REQUESTS'] === 'on'
  const tap = options.tap === true || checks ? await startTap(sandbox.port) : undefined
  const crm =
    options.crm === undefined ? undefined : await startCrm({ port: 0, contacts: 120, ...options.crm })
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'amalgam-story-'))
  const config: Config = {
    ...readConfig({
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      SANDBOX_PORT: [tap?.port ?? sandbox.port, ...(crm === undefined ? [] : [crm.port])].join(','),
      ...options.environment,
    }),
    port: 0,
  }
  const { url, context, stop } = await serve(config, options)
  const admin = await member(context, 'Northwind', 'admin@northwind.example')
  return {
    url,
    config,
    context,
    // Whoever asks the sandbox itself uses the address that the product knows.
    sandbox: tap === undefined ? sandbox : { ...sandbox, port: tap.port, url: tap.url },
    ...(tap === undefined ? {} : { tap }),
    ...(crm === undefined ? {} : { crmUrl: crm.url }),
    admin,
    addMember: (name, email) => member(context, name, email),
    close: async () => {
      await stop()
      await database.drop()
      await tap?.close()
      await sandbox.close()
      await crm?.close()
      leaveLoopback()
      await rm(dataDir, { recursive: true, force: true })
      if (checks) await checkTapped(tap?.requests ?? [])
    },
  }
}
