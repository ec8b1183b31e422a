import { controlOperations } from './control.ts'
import { payOperation } from './expense/pay.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'

interface Route {
  readonly operation: Operation
  readonly segments: readonly string[]
  readonly anyCase: boolean
}
const routes: readonly Route[] = [...operations, payOperation, ...controlOperations(operations)].map(
  (operation) => ({
    operation,
    segments: (operation.family === 'legacy' ? operation.path.toLowerCase() : operation.path).split('/'),
    anyCase: operation.family === 'legacy',
  }),
)

const match = (route: Route, segments: readonly string[]): Record<string, string> | undefined => {
  if (route.segments.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [place, wanted] of route.segments.entries()) {
    const sent = segments[place] ?? ''
    const given = route.anyCase ? sent.toLowerCase() : sent
    if (wanted.startsWith('{')) {
      if (given === '') return undefined
      params[wanted.slice(1, -1)] = given
    } else if (wanted !== given) return undefined
  }
  return params
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A lone percent sign: no id looks like that, so the row will simply not be found.
    return segment
  }
}

export type Found =
  | { readonly kind: 'found'; readonly operation: Operation; readonly params: Record<string, string> }
  | { readonly kind: 'no-path' }
  | { readonly kind: 'no-method'; readonly allowed: readonly string[]; readonly operation: Operation }

/** Matches a decoded path segment by segment. */
export const findOperation = (method: string, path: string): Found => {
  const segments = path.split('/').map(decode)
  const here = routes.flatMap((route) => {
    const params = match(route, segments)
    return params === undefined ? [] : [{ operation: route.operation, params }]
  })
  const hit = here.find(({ operation }) => operation.method === method)
  if (hit !== undefined) return { kind: 'found', ...hit }
  const first = here[0]
  if (first === undefined) return { kind: 'no-path' }
  return {
    kind: 'no-method',
    operation: first.operation,
    allowed: here.map(({ operation }) => operation.method),
  }
}
