import type { Content } from '#src/element/index.ts'

/** What Image v1.0 and Receipt Images v3 take. Source: SAP Concur, Image v1 (spec/concur.md 3.4), compared 2026-08. */
export const imageTypes = ['application/pdf', 'image/jpeg', 'image/jpg', 'image/png'] as const

const megabyte = 1024 * 1024
export const tenMegabytes = 10 * megabyte
/** Pages come one by one and are read as one file; none of the pages says how many there may be. */
export const allPages = 256 * megabyte

/**
 * An image on Image v1.0: written as the body, read by an address that is good for 15 minutes.
 * @param path with `{id}`.
 */
export const imageOf = (path: string, title: string): Content => ({
  title,
  types: imageTypes,
  mostBytes: tenMegabytes,
  mostReadBytes: allPages,
  read: { method: 'GET', path, scopes: ['IMAGE'], link: { path: ['Url'], xmlName: 'Url' } },
  write: { method: 'POST', path, scopes: ['IMAGE'] },
})
