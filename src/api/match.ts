import type { Route } from './route.ts'

/** What a path and a method lead to. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

type Params = Readonly<Record<string, string>>

const paramsFor = (pattern: readonly string[], segments: readonly string[]): Params | null => {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = segment
    else if (part !== segment) return null
  }
  return params
}

const literals = (pattern: readonly string[]): number =>
  pattern.filter((part) => !part.startsWith('{')).length

/** Finds the route of a path, one with more fixed segments first. */
export const createMatch = (routes: readonly Route[]) => {
  const known = routes
    .map((route) => ({ route, pattern: route.path.split('/').filter((part) => part !== '') }))
    .sort((one, two) => literals(two.pattern) - literals(one.pattern))
  return (method: string, segments: readonly string[]): Match => {
    const fitting = known.flatMap(({ route, pattern }) => {
      const params = paramsFor(pattern, segments)
      return params === null ? [] : [{ route, params }]
    })
    const found = fitting.find(({ route }) => route.method === method)
    if (found !== undefined) return { kind: 'route', ...found }
    const allowed = [...new Set(fitting.map(({ route }) => route.method))]
    return allowed.length === 0 ? { kind: 'none' } : { kind: 'wrong-verb', allowed }
  }
}
