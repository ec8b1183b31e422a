import { randomBytes } from 'node:crypto'
import type { OutsideReply, OutsideRequest } from '../http/index.ts'
import type { PageFile, Pages } from './load-pages.ts'

/** First segments of the page's own paths; what comes behind them is the page's business. */
const ownPaths: ReadonlySet<string> = new Set([
  '',
  'sign-in',
  'secrets',
  'catalogue',
  'connect',
  'connects',
  'instances',
  'mappings',
  'define',
  'import',
])

const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Scripts come from files of ours alone; style elements carry the nonce of the answer. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const documentReply = (pages: Pages, status: number): OutsideReply => {
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    headers: {
      ...common,
      'content-type': 'text/html;charset=UTF-8',
      'cache-control': 'no-store',
      'content-security-policy': policyOf(nonce),
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'x-frame-options': 'DENY',
    },
    payload: pages.document.replaceAll('{{nonce}}', nonce),
  }
}

/** Whether a list such as `gzip, br;q=0` allows a coding. */
const accepts = (header: string | string[] | undefined, coding: string): boolean =>
  String(header ?? '')
    .toLowerCase()
    .split(',')
    .some((one) => {
      const [name = '', ...parameters] = one.split(';').map((part) => part.trim())
      return name === coding && !parameters.some((part) => /^q=0(\.0*)?$/.test(part))
    })

const fileReply = (file: PageFile, path: string, { headers }: OutsideRequest): OutsideReply => {
  const about = {
    ...common,
    etag: file.etag,
    vary: 'accept-encoding',
    // The names of built files hold a hash of what is in them.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (headers['if-none-match'] === file.etag) return { status: 304, headers: about, payload: '' }
  const typed = { ...about, 'content-type': file.type }
  const coding = headers['accept-encoding']
  if (file.brotli !== undefined && accepts(coding, 'br')) {
    return { status: 200, headers: { ...typed, 'content-encoding': 'br' }, payload: file.brotli }
  }
  if (file.gzip !== undefined && accepts(coding, 'gzip')) {
    return { status: 200, headers: { ...typed, 'content-encoding': 'gzip' }, payload: file.gzip }
  }
  return { status: 200, headers: typed, payload: file.plain }
}

/**
 * Serves the page: its files, its document on each of its own paths, and the document with status 404 to a browser
 * that went astray. Undefined for everything else, which then gets the API's own 404.
 */
export const servePages = (pages: Pages, request: OutsideRequest): OutsideReply | undefined => {
  if (request.method !== 'GET') return undefined
  const { path } = request
  const file = pages.files.get(path)
  if (file !== undefined) return fileReply(file, path, request)
  const [first = ''] = path.slice(1).split('/')
  if (ownPaths.has(first)) return documentReply(pages, 200)
  const isBrowser = accepts(request.headers.accept, 'text/html')
  return isBrowser && first !== 'elements' && first !== 'assets' ? documentReply(pages, 404) : undefined
}
