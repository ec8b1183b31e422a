import { type IncomingHttpHeaders, request } from 'node:http'
import type { Member, Product } from './product.ts'

/** Where the product listens. */
type Place = Pick<Product, 'url'>

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as it came. */
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: a client reads whatever JSON comes; tests say what they expect.
  readonly json: any
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** A body as it is; its type is among the headers. */
  readonly bytes?: Uint8Array
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const payloadOf = (options: AskOptions): { type: string; text: string } | undefined => {
  if (options.form !== undefined) {
    return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(options.form).toString() }
  }
  if (options.body === undefined) return undefined
  return {
    type: 'application/json',
    text: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
  }
}

/** One HTTP call as any client makes it; redirects are not followed. */
export const ask = (url: string, options: AskOptions = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const target = new URL(url)
    for (const [name, value] of Object.entries(options.query ?? {})) target.searchParams.set(name, value)
    const payload = payloadOf(options)
    const call = request(
      target,
      {
        method: options.method ?? (payload === undefined ? 'GET' : 'POST'),
        agent: false,
        headers: {
          ...(payload === undefined
            ? {}
            : { 'content-type': payload.type, 'content-length': String(Buffer.byteLength(payload.text)) }),
          ...(options.bytes === undefined ? {} : { 'content-length': String(options.bytes.length) }),
          ...options.headers,
        },
      },
      (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = bytes.toString('utf8')
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, bytes, json: parsed(text) })
        })
      },
    )
    call.on('error', reject)
    call.end(options.bytes ?? payload?.text)
  })

/** The header of platform calls. */
export const platform = (member: Member): Record<string, string> => ({
  authorization: `User ${member.user}, Organization ${member.organization}`,
})

/** The header of hub calls. */
export const hub = (member: Member, element: string): Record<string, string> => ({
  authorization: `User ${member.user}, Element ${element}`,
})

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** A page's form as a browser sends it when a button is pressed. */
export const submit = async (
  pageUrl: string,
  html: string,
  fill: Readonly<Record<string, string>>,
  buttonId: string,
): Promise<Answer> => {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/gi) ?? []
  const form = forms.find((one) => one.includes(`id="${buttonId}"`))
  if (form === undefined) throw new Error(`no form with the button ${buttonId} in:\n${html}`)
  const tag = /<form\b[^>]*>/i.exec(form)?.[0] ?? ''
  const fields: Record<string, string> = {}
  for (const [input] of form.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
    const id = attribute(input, 'id')
    const name = attribute(input, 'name')
    const pressed = id === buttonId || !/<button|type="submit"/i.test(input)
    if (name === undefined || !pressed) continue
    fields[name] = (id === undefined ? undefined : fill[id]) ?? attribute(input, 'value') ?? ''
  }
  const action = new URL(attribute(tag, 'action') ?? '', pageUrl).href
  return ask(action, { method: 'POST', form: fields })
}

export const callbackUrl = 'http://127.0.0.1:9/callback'

/** Asks for the consent page and walks it as a person would; returns what comes back in the address. */
export const consent = async (
  product: Place,
  member: Member,
  login = 'admin@sandbox.example',
): Promise<URL> => {
  const asked = await ask(`${product.url}/elements/concur/oauth/url`, {
    headers: platform(member),
    query: { apiKey: 'amalgam-sandbox', apiSecret: 'amalgam-sandbox-secret', callbackUrl },
  })
  const loginPage = await ask(asked.json.oauthUrl)
  const consentPage = await submit(
    asked.json.oauthUrl,
    loginPage.text,
    { UserNameTxt: login, PasswordTxt: 'sandbox' },
    'LoginBtn',
  )
  const done = await submit(asked.json.oauthUrl, consentPage.text, {}, 'AllowBtn')
  return new URL(done.headers.location ?? 'none:')
}

/** Connects an instance to the sandbox; the answer of POST /instances. */
export const connect = async (
  product: Place,
  member: Member,
  options: { login?: string; configuration?: Record<string, string>; name?: string } = {},
): Promise<Answer> => {
  const back = await consent(product, member, options.login)
  return ask(`${product.url}/instances`, {
    headers: platform(member),
    body: {
      name: options.name ?? 'Sandbox',
      element: { key: 'concur' },
      configuration: {
        'oauth.api.key': 'amalgam-sandbox',
        'oauth.api.secret': 'amalgam-sandbox-secret',
        'oauth.callback.url': callbackUrl,
        ...options.configuration,
      },
      providerData: { code: back.searchParams.get('code') },
    },
  })
}
