import type { Route } from './route.ts'

/** What a path and a method lead to. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

type Params = Readonly<Record<string, string>>

const paramsFor = (pattern: readonly string[], segments: readonly string[]): Params | null => {
  if (pattern.some((part, at) => part !== segments[at] && !part.startsWith('{'))) return null
  const params: Record<string, string> = {}
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith('{')) params[part.slice(1, -1)] = segments[at] ?? ''
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
  const byLength = new Map<number, typeof known>()
  for (const one of known) {
    byLength.set(one.pattern.length, [...(byLength.get(one.pattern.length) ?? []), one])
  }
  return (method: string, segments: readonly string[]): Match => {
    const candidates = byLength.get(segments.length) ?? []
    const fitting = candidates.flatMap(({ route, pattern }) => {
      const params = paramsFor(pattern, segments)
      return params === null ? [] : [{ route, params }]
    })
    const found = fitting.find(({ route }) => route.method === method)
    if (found !== undefined) return { kind: 'route', ...found }
    const allowed = [...new Set(fitting.map(({ route }) => route.method))]
    return allowed.length === 0 ? { kind: 'none' } : { kind: 'wrong-verb', allowed }
  }
}
