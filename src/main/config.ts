import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { parseEncryptionKeys } from '#src/lib/secret.ts'
import { StartError } from '#src/lib/start-error.ts'
import { parseAllowList, parseSmtpUrl, type SmtpServer } from '#src/outbound/index.ts'
import type { S3Place } from '#src/store/index.ts'
import { parseBulkStore, readBulkStore } from './bulk-store-config.ts'

const isPort = (number: number): boolean => number >= 1 && number <= 65_535

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine(isPort)
    .default(fallback)

const wholeNumber = (fallback: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most)
    .default(fallback)

const httpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

const portsIn = (text: string): readonly number[] => words(text).map(Number)
const arePorts = (text: string): boolean =>
  words(text).length > 0 && words(text).every((one) => /^\d{1,5}$/.test(one) && isPort(Number(one)))

/** Runs a parser that throws, so that its own words are the message. */
const parsedBy =
  <T>(parse: (text: string) => T) =>
  (text: string, context: z.RefinementCtx<string>): T => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'wrong' })
      return z.NEVER
    }
  }

const words = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** An address, or one with the length of its network's prefix. */
const isAddressOrRange = (text: string): boolean => {
  const [address = '', length, ...more] = text.trim().split('/')
  const bits = { 4: 32, 6: 128 }[isIP(address)]
  if (bits === undefined || address.includes('%') || more.length > 0) return false
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= bits)
}

const allowed: Readonly<Record<string, string>> = {
  PORT: 'a port from 1 to 65535',
  HOST: 'a host name or an address, such as 127.0.0.1 or 0.0.0.0',
  PUBLIC_URL: 'a URL such as https://hub.example.com',
  DATABASE_URL: 'a URL such as postgres://user:password@host:5432/database',
  ADMIN_EMAIL: 'an e-mail address',
  ADMIN_PASSWORD: 'a text of at least 8 characters',
  SANDBOX_PORT: 'a port from 1 to 65535, or several joined by commas, one for each sandbox',
  SANDBOX: 'on, off or first',
  TRUST_PROXY: 'true, false, or a comma list of addresses and CIDR ranges',
  ALLOW_PASSWORD_GRANT: 'true or false',
  QUERY_MAX_CALLS: 'a whole number from 1 to 100000',
  QUERY_MAX_SECONDS: 'a whole number from 1 to 3600',
  VENDOR_TIMEOUT_SECONDS: 'a whole number from 1 to 600',
  BULK_RETENTION_DAYS: 'a whole number of days from 1 to 365',
  AWS_REGION: 'the region of the bucket, such as eu-central-1',
  AWS_ENDPOINT_URL_S3: 'the URL of a store that speaks S3, such as https://minio.example.com:9000',
  EVENT_RETENTION_DAYS: 'a whole number of days from 1 to 3650',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace or silent',
}

const schema = z.object({
  PORT: port(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.string().refine(httpUrl).optional(),
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text))
    .optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  ENCRYPTION_KEYS: z.string().transform(parsedBy(parseEncryptionKeys)).optional(),
  ADMIN_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/)
    .default('admin@amalgam.example'),
  ADMIN_PASSWORD: z.string().min(8).optional(),
  SANDBOX_PORT: z.string().refine(arePorts).default('8081').transform(portsIn),
  SANDBOX: z.enum(['on', 'off', 'first']).default('on'),
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform(
      parsedBy((text) => {
        const items = words(text)
        parseAllowList(items)
        return items
      }),
    ),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  TRUST_PROXY: z
    .string()
    .refine((text) => text === 'true' || text === 'false' || text.split(',').every(isAddressOrRange))
    .default('false')
    .transform((text) => (text === 'true' ? true : text === 'false' ? false : text)),
  ALLOW_PASSWORD_GRANT: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  QUERY_MAX_CALLS: wholeNumber(500, 100_000),
  QUERY_MAX_SECONDS: wholeNumber(60, 3_600),
  VENDOR_TIMEOUT_SECONDS: wholeNumber(60, 600),
  EVENT_RETENTION_DAYS: wholeNumber(30, 3_650),
  BULK_RETENTION_DAYS: wholeNumber(3, 365),
  BULK_STORE: z.string().transform(parsedBy(parseBulkStore)).optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('us-east-1'),
  AWS_ENDPOINT_URL_S3: z.string().refine(httpUrl).optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  SMTP_URL: z.string().transform(parsedBy(parseSmtpUrl)).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
})

/** The names of all variables, for the README's table and its test. @internal */
export const variableNames: readonly string[] = Object.keys(schema.shape)

export interface Config {
  readonly port: number
  readonly host: string
  /** Where clients find the API, without a trailing slash. */
  readonly publicUrl: string
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  readonly encryptionKeys: ReturnType<typeof parseEncryptionKeys> | undefined
  readonly adminEmail: string
  readonly adminPassword: string | undefined
  readonly sandbox:
    | {
        /** Of the first sandbox. */
        readonly port: number
        readonly url: string
        /** Of the sandboxes, in the order of the elements; those that are not named follow the last. */
        readonly ports: readonly number[]
        /** No other than the first. */
        readonly isAlone: boolean
      }
    | undefined
  readonly outboundAllow: readonly string[]
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined
  readonly trustProxy: boolean | string
  /** Whether people may connect by their own password. */
  readonly allowPasswordGrant: boolean
  /** The most that one hub call may cost. */
  readonly queryLimits: {
    readonly maxCalls: number
    readonly maxSeconds: number
    /** For one attempt of a vendor call. */
    readonly vendorSeconds: number
  }
  /** Days that events, what became of them, and e-mails are kept. */
  readonly eventRetentionDays: number
  /** Days that the files of bulk jobs are kept after their end. */
  readonly bulkRetentionDays: number
  /** Where they lie; undefined: in the data folder. */
  readonly bulkStore: S3Place | undefined
  /** Where e-mails go out; undefined: they wait. */
  readonly smtp: SmtpServer | undefined
  readonly logLevel: string
}

const told = (issue: z.core.$ZodIssue): string => {
  const name = String(issue.path[0])
  return issue.code === 'custom' && !(name in allowed)
    ? `${name}: ${issue.message}`
    : `${name}: allowed is ${allowed[name] ?? issue.message}.`
}

const readPem = (name: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new StartError(
      `${name}: cannot read ${path}: ${error instanceof Error ? error.message : 'unknown'}.`,
    )
  }
}

/** What OpenSSL refuses now it would refuse when the server is made, with a stack. */
const checkPem = (sentence: string, pem: SecureContextOptions): void => {
  try {
    createSecureContext(pem)
  } catch (error) {
    throw new StartError(`${sentence} (${error instanceof Error ? error.message : 'unknown'}).`)
  }
}

const readTls = (cert: string | undefined, key: string | undefined): Config['tls'] => {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw new StartError('TLS_CERT, TLS_KEY: set both, or neither; each is the path of a PEM file.')
  }
  const tls = { cert: readPem('TLS_CERT', cert), key: readPem('TLS_KEY', key) }
  checkPem(`TLS_CERT: ${cert} is no certificate in PEM`, { cert: tls.cert })
  checkPem(`TLS_KEY: ${key} is no private key in PEM without a passphrase`, { key: tls.key })
  checkPem('TLS_CERT, TLS_KEY: the certificate and the key do not belong together', tls)
  return tls
}

const hostInUrl = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

const sandboxAt = (ports: readonly number[], which: 'on' | 'off' | 'first'): Config['sandbox'] => {
  if (which === 'off') return undefined
  const [port = 0] = ports
  return { port, url: `http://127.0.0.1:${port}`, ports, isAlone: which === 'first' }
}

/**
 * Reads the configuration out of an environment; empty values count as absent.
 * @throws StartError naming each wrong variable and what it allows.
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(
    variableNames.flatMap((name) => (environment[name]?.trim() ? [[name, environment[name].trim()]] : [])),
  )
  const result = schema.safeParse(given)
  if (!result.success) throw new StartError(result.error.issues.map(told).join('\n'))
  const values = result.data
  const tls = readTls(values.TLS_CERT, values.TLS_KEY)
  const ownUrl = `${tls === undefined ? 'http' : 'https'}://${hostInUrl(values.HOST)}:${values.PORT}`
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: (values.PUBLIC_URL ?? ownUrl).replace(/\/+$/, ''),
    databaseUrl: values.DATABASE_URL,
    dataDir: resolve(values.DATA_DIR),
    encryptionKeys: values.ENCRYPTION_KEYS,
    adminEmail: values.ADMIN_EMAIL,
    adminPassword: values.ADMIN_PASSWORD,
    sandbox: sandboxAt(values.SANDBOX_PORT, values.SANDBOX),
    outboundAllow: values.OUTBOUND_ALLOW,
    tls,
    trustProxy: values.TRUST_PROXY,
    allowPasswordGrant: values.ALLOW_PASSWORD_GRANT,
    queryLimits: {
      maxCalls: values.QUERY_MAX_CALLS,
      maxSeconds: values.QUERY_MAX_SECONDS,
      vendorSeconds: values.VENDOR_TIMEOUT_SECONDS,
    },
    eventRetentionDays: values.EVENT_RETENTION_DAYS,
    bulkRetentionDays: values.BULK_RETENTION_DAYS,
    bulkStore: readBulkStore(values),
    smtp: values.SMTP_URL,
    logLevel: values.LOG_LEVEL,
  }
}

/** The process's environment over the `.env` file of the working folder, where there is one. */
export const processEnvironment = (): Readonly<Record<string, string | undefined>> => {
  try {
    return { ...parseEnv(readFileSync('.env', 'utf8')), ...process.env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return process.env
    throw new StartError(`.env: cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`)
  }
}

/** What libuv was told of its pool of threads. No setting of ours: it read the environment itself, and no `.env` file. */
export const threadPoolSize = (): string | undefined => process.env['UV_THREADPOOL_SIZE']
