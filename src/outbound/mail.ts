import type { Transporter } from 'nodemailer'
import { maskSecrets } from '#src/lib/mask.ts'
import { explainFailure } from './explain.ts'

/** A mail server and who sends there. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (RFC 8314); otherwise STARTTLS (RFC 3207) where the server has it. */
  readonly secure: boolean
  readonly login: { readonly user: string; readonly password: string } | undefined
}

const wrong = (fix: string): never => {
  // The text itself is not shown: it may hold a password.
  throw new Error(`${fix}, such as smtp://user:password@mail.example.com:587 or smtps://mail.example.com.`)
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return wrong('percent-encode user and password')
  }
}

/** Reads `SMTP_URL`. @throws Error that says what to write, without repeating what was written. */
export const parseSmtpUrl = (text: string): SmtpServer => {
  if (!URL.canParse(text)) return wrong('it is no URL; write one')
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text)
  if (protocol !== 'smtp:' && protocol !== 'smtps:') return wrong('begin with smtp:// or smtps://')
  if (hostname === '' || pathname.replace('/', '') !== '' || search !== '' || hash !== '')
    return wrong('write a host and a port alone')
  const secure = protocol === 'smtps:'
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    login: username === '' ? undefined : { user: decoded(username), password: decoded(password) },
  }
}

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly date: Date
}

/** What became of an e-mail; whoever is in neither list has it. */
export interface MailOutcome {
  /** May be taken at another time. */
  readonly left: readonly string[]
  /** Will not be taken. */
  readonly refused: readonly string[]
  /** What went wrong, in words without a secret. */
  readonly reason: string | undefined
}

export interface Mailer {
  /** Hands one e-mail over. Failures are outcomes. */
  send(mail: Mail, signal: AbortSignal): Promise<MailOutcome>
}

const connectTimeoutMs = 10_000
const idleTimeoutMs = 30_000
const longestReason = 500

/** What Nodemailer tells of a failure. */
interface Failure {
  readonly code?: string | undefined
  readonly originalCode?: string | undefined
  readonly response?: string | undefined
  /** Set where the server answered: whether another try is of no use. */
  readonly permanent?: boolean | undefined
  readonly recipient?: string | undefined
  readonly rejectedErrors?: readonly Failure[] | undefined
}

const isLoopback = (host: string): boolean => /^(localhost|::1|127(\.\d{1,3}){3})$/.test(host)

/** Sends e-mails by SMTP, one connection each. A password goes over TLS only, unless the server is this machine. */
export const createMailer = ({ host, port, secure, login }: SmtpServer): Mailer => {
  let transporter: Promise<Transporter> | undefined

  const open = async (): Promise<Transporter> => {
    // Read at the first e-mail: most processes never send one.
    const { createTransport } = await import('nodemailer')
    return createTransport({
      ...{ host, port, secure },
      requireTLS: login !== undefined && !secure && !isLoopback(host),
      ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  const wordsOf = (failure: Failure): string => {
    const code = failure.originalCode ?? failure.code
    const words =
      failure.response === undefined
        ? explainFailure(Object.assign(new Error('mail'), { code }), `${host}:${port}`, null).message
        : `${host}:${port} answered ${failure.response}`
    const masked = maskSecrets(words, login === undefined ? [] : [login.password])
    return masked.replaceAll(/\p{C}+/gu, ' ').slice(0, longestReason)
  }

  const outcomeOf = ({ to }: Mail, failures: readonly Failure[]): MailOutcome => {
    const concerned = (some: readonly Failure[]): readonly string[] =>
      some.flatMap(({ recipient }) => (recipient === undefined ? to : [recipient]))
    const [first] = failures
    return {
      left: concerned(failures.filter(({ permanent }) => permanent !== true)),
      refused: concerned(failures.filter(({ permanent }) => permanent === true)),
      reason: first === undefined ? undefined : wordsOf(first),
    }
  }

  const failuresIn = (error: unknown): readonly Failure[] => {
    const failure = (error instanceof Error ? error : {}) as Failure
    const { rejectedErrors = [], code, originalCode, response, permanent } = failure
    if (rejectedErrors.length > 0) return rejectedErrors
    // A login that fails is the operator's to mend, and no fault of the e-mail.
    return [{ code, originalCode, response, permanent: permanent === true && code !== 'EAUTH' }]
  }

  return {
    send: async (mail, signal) => {
      transporter ??= open()
      try {
        const info = await (await transporter).sendMail({
          ...{ from: mail.from, to: [...mail.to], subject: mail.subject, text: mail.text },
          ...{ messageId: mail.messageId, date: mail.date, signal },
        })
        return outcomeOf(mail, (info.rejectedErrors ?? []) as readonly Failure[])
      } catch (error) {
        return outcomeOf(mail, failuresIn(error))
      }
    },
  }
}
