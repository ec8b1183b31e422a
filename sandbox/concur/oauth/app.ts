/** The one application of the sandbox. Its secret is public: it opens nothing but invented data. */
export const appId = 'amalgam-sandbox'
export const appSecret = 'amalgam-sandbox-secret'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Any address on https, or on http of this machine; no fragment. */
export const isRedirectAllowed = (text: string): boolean => {
  if (text.length > 2000 || !URL.canParse(text)) return false
  const url = new URL(text)
  if (url.hash !== '' || text.includes('#') || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))
}
