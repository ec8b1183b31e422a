import type { Tapped } from '../support/tap.ts'
import { notCoverable } from './not-coverable.ts'
import { createOperationChecks, type OperationCheck } from './operation-check.ts'
import { type PublishedOperation, publishedOperations } from './published.ts'

/** What became of requests that were held against the published files. */
export interface RequestReport {
  /** Requests that a file stands for. */
  readonly validated: number
  /** Operations of the files that they were of, `POST /v4/attendees`. */
  readonly operations: readonly string[]
  /** Requests that no file stands for, by operation, with the reason. */
  readonly notCoverable: readonly Uncovered[]
  /** What does not fit, each once. */
  readonly problems: readonly string[]
}

interface Candidate {
  readonly method: string
  readonly path: string
  readonly pattern: RegExp
  readonly names: readonly string[]
  /** How many of its segments are no names: the address that says more wins. */
  readonly plain: number
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')

const candidate = ({ method, path }: { readonly method: string; readonly path: string }): Candidate => ({
  ...{ method, path },
  pattern: new RegExp(`^${escaped(path).replace(/\{[^}]+\}/g, '([^/]+)')}$`),
  names: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? ''),
  plain: path.split('/').filter((segment) => !segment.includes('{')).length,
})

const best = <Of extends Candidate>(list: readonly Of[], { method, path }: Tapped): Of | undefined =>
  list
    .filter((each) => each.method === method && each.pattern.test(path))
    .sort((one, other) => other.plain - one.plain)[0]

const valuesIn = ({ pattern, names }: Candidate, path: string): Record<string, string> => {
  const [, ...values] = pattern.exec(path) ?? []
  return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')]))
}

type Known = Candidate & { readonly operation: PublishedOperation; readonly check: OperationCheck }

const knownOperations = (): readonly Known[] => {
  const all = publishedOperations()
  return [...new Set(all.map(({ file }) => file))].flatMap((file) => {
    const operations = all.filter((each) => each.file === file)
    const checks = createOperationChecks(operations)
    return operations.flatMap((operation, at): Known[] => {
      const check = checks[at]
      return check === undefined ? [] : [{ ...candidate(operation), operation, check }]
    })
  })
}

/** The data centre of the sandbox's second company is a prefix there, a host at the vendor. */
const atVendor = (request: Tapped): Tapped => ({
  ...request,
  path: request.path.replace(/^\/dc\/eu2(?=\/)/, ''),
})

/** What the product sent itself: browsers of tests come through the same door. */
const isOurs = ({ headers }: Tapped): boolean => headers['user-agent'] === 'amalgam'

interface Uncovered {
  readonly operation: string
  readonly count: number
  readonly reason: string
}

const createLedger = () => {
  const problems = new Set<string>()
  const operations = new Set<string>()
  const uncovered = new Map<string, Uncovered>()
  let validated = 0
  return {
    validated: (known: Known, found: readonly string[]): void => {
      validated += 1
      const name = `${known.method} ${known.path}`
      operations.add(name)
      for (const problem of found) problems.add(`${known.operation.file} ${name}: ${problem}`)
    },
    uncovered: ({ method, path }: Candidate, reason: string): void => {
      const operation = `${method} ${path}`
      uncovered.set(operation, { operation, reason, count: (uncovered.get(operation)?.count ?? 0) + 1 })
    },
    unknown: ({ method, path }: Tapped): void => {
      problems.add(`${method} ${path}: in no file, and not among those that none stands for`)
    },
    report: (): RequestReport => ({
      validated,
      operations: [...operations].sort(),
      notCoverable: [...uncovered.values()].sort((one, other) =>
        one.operation.localeCompare(other.operation),
      ),
      problems: [...problems].sort(),
    }),
  }
}

/** Holds requests that went through a tap against the published files. */
export const checkRequests = async (requests: readonly Tapped[]): Promise<RequestReport> => {
  const known = knownOperations()
  const excused = notCoverable.map((each) => ({ ...each, ...candidate(each) }))
  const ledger = createLedger()
  for (const request of requests.filter(isOurs).map(atVendor)) {
    const found = best(known, request)
    const excuse = best(excused, request)
    if (found !== undefined && (excuse === undefined || excuse.plain <= found.plain))
      ledger.validated(found, await found.check(request, valuesIn(found, request.path)))
    else if (excuse === undefined) ledger.unknown(request)
    else ledger.uncovered(excuse, excuse.reason)
  }
  return ledger.report()
}
