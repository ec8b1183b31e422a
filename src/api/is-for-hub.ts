import type { Later } from '#src/lib/later.ts'
import {
  type Caller,
  type Catalogue,
  hubResourceNamed,
  isPathOf,
  type RequestTrace,
} from '#src/services/index.ts'
import { bulkNames } from './bulk/index.ts'
import type { ApiRequest, Credentials } from './http/index.ts'
import type { Opened } from './hub.ts'
import { passthroughName } from './hub-files.ts'
import { genericNames } from './hub-generic.ts'
import type { Match } from './match.ts'
import { notHere } from './not-here.ts'

type Request = ApiRequest<RequestTrace>
type Element = ReturnType<Catalogue['system']['all']>[number]
type CallerOf = (credentials: Credentials, needsOrganization: boolean) => Later<Caller>
type OpenFor = (credentials: Credentials, trace: RequestTrace) => Later<Opened>

/** First segments that are the platform's even when an Element token is sent (spec/contract.md 1.2). */
const platformOnly = new Set([
  'instances',
  'elements',
  'hubs',
  'docs',
  'formulas',
  'authentication',
  'vdrs',
  'common-resources',
  'transformations',
  'notifications',
  'session',
])

/** Whether every element has it, whatever its resources. */
const isShared = (first: string): boolean =>
  genericNames.has(first) || first === passthroughName || bulkNames.has(first)

/**
 * Tells whether a bare path is the instance's resource or path rather than the platform's (spec/contract.md 1.2). An
 * Element token on a path that no element could own is tolerated, even a dead one.
 */
export const createIsForHub = (catalogue: Catalogue, callerOf: CallerOf, openFor: OpenFor) => {
  /** Whether any element of the catalogue, or one that the caller's organization posted, passes a test. */
  const isSomewhere = async (
    test: (element: Element) => boolean,
    credentials: Credentials,
  ): Promise<boolean> => {
    if (catalogue.system.all().some(test)) return true
    if (credentials.element === undefined) return false
    // Who cannot be told is refused by what is called, in its own words.
    const asked = async () => callerOf(credentials, false)
    const caller = await asked().catch(() => undefined)
    return caller !== undefined && (await catalogue.seenBy(caller)).all().some(test)
  }

  const isPathHere = async (
    unknown: boolean,
    request: Request,
    credentials: Credentials,
  ): Promise<boolean> => {
    const { segments, trace } = request
    if (!(await isSomewhere((element) => isPathOf(element, segments), credentials))) return false
    if (unknown || credentials.element === undefined) return unknown
    return isPathOf((await openFor(credentials, trace)).instance.element, segments)
  }

  const isResourceHere = async (
    unknown: boolean,
    request: Request,
    credentials: Credentials,
  ): Promise<boolean> => {
    const { segments, trace } = request
    const [first = ''] = segments
    const isSomeResource = () =>
      isSomewhere((element) => Object.hasOwn(element.resources, first), credentials)
    if (credentials.element === undefined || segments.length > 2) return unknown && isSomeResource()
    if (unknown) return true
    if (!(await isSomeResource())) return false
    return hubResourceNamed((await openFor(credentials, trace)).instance, first) !== undefined
  }

  return async (found: Match, request: Request, credentials: Credentials): Promise<boolean> => {
    const { segments, path } = request
    const [first = ''] = segments
    if (platformOnly.has(first)) return false
    if (isShared(first)) return true
    const unknown = found.kind === 'none' && notHere(path) === undefined
    return (await isPathHere(unknown, request, credentials)) || isResourceHere(unknown, request, credentials)
  }
}
