import { uuidOf } from './ids.ts'

/**
 * Two data centres behind one port, each with one company: the root is `us2` (and the shared token host
 * `glz`), the path prefix `/dc/eu2` stands for another host.
 * Follows: developer.concur.com, Base URIs. Verified: 2026-08
 */
export type DataCentre = 'us2' | 'eu2'

const prefixes: Readonly<Record<DataCentre, string>> = { us2: '', eu2: '/dc/eu2' }

/** Each data centre's company. */
export const companyIds: Readonly<Record<DataCentre, string>> = {
  us2: uuidOf('company'),
  eu2: uuidOf('company:eu2'),
}

export const isDataCentre = (text: unknown): text is DataCentre => text === 'us2' || text === 'eu2'

/** The data centre that a request's path names, and the path inside it. */
export const splitPath = (whole: string): { readonly dataCentre: DataCentre; readonly path: string } => {
  const rest = whole.startsWith(prefixes.eu2) ? whole.slice(prefixes.eu2.length) : undefined
  return rest === undefined || (rest !== '' && !rest.startsWith('/'))
    ? { dataCentre: 'us2', path: whole }
    : { dataCentre: 'eu2', path: rest === '' ? '/' : rest }
}

/** `origin` is the sandbox's own, such as `http://127.0.0.1:8081`. */
export const baseUrlAt = (origin: string, dataCentre: DataCentre): string =>
  `${origin}${prefixes[dataCentre]}`
