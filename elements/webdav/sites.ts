import { badInput, type Element, type Site } from '#src/element/index.ts'

/** @throws AppError `bad-request` naming the key where it is no such address. */
const baseUrlIn = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url === undefined || !isWeb)
    throw badInput('configuration.base.url: the WebDAV address of the server, beginning with https://.')
  if (url.username !== '' || url.password !== '')
    throw badInput('configuration.base.url: without a user name; send username and password as they are.')
  if (url.search !== '' || url.hash !== '')
    throw badInput('configuration.base.url: without ? and #; it ends with the folder where the files begin.')
  return url
}

/** Each connection names its own server. */
export const webdavSites: Pick<Element['vendor'], 'siteOf' | 'isOwnUrl'> = {
  siteOf: ({ configured }): Site => {
    const url = baseUrlIn(configured('base.url')?.trim() ?? '').href.replace(/\/+$/, '')
    return { key: 'own', authorizeUrl: url, tokenUrl: url, apiUrl: url, pkce: false }
  },
  isOwnUrl: (url, { apiUrl }) => url.origin === new URL(apiUrl).origin,
}
