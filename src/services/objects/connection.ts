import type { Principal, Resource } from '#src/element/index.ts'
import { type Connection, eitherPrincipal, type OwnLimits } from '#src/engine/index.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { type GrantKeeper, noGrant, type OpenInstance } from '../instances/index.ts'
import { type RequestTrace, recordIn } from '../request-log/index.ts'

/** One hub call on its way. */
export interface HubCall {
  readonly instance: OpenInstance
  readonly trace: RequestTrace
  readonly signal: StopSignal
  /** Receives the query plan in words. */
  readonly onPlan: (text: string) => void
  /** Told when a listing shows the connected person's rows only. */
  readonly onNarrowed: (to: 'own') => void
  /** Nobody waits for the answer: a part of the vendor's limits is left to calls that somebody waits for. */
  readonly background?: boolean
  /** What it may cost in place of what a hub call may; absent: that. */
  readonly ownLimits?: OwnLimits
  /**
   * Rows that the script of a common resource fails at are an error, rather than passed on without it and told in the
   * trace: for what is done once and for all, where nobody looks at the trace.
   */
  readonly scriptsMustWork?: boolean
  /** Told the headers of each reply of the vendor. */
  readonly onReplied?: (headers: Readonly<Record<string, string>>) => void
}

/** The first principal's grant that there is, else whichever there is. @throws AppError `needs-reconnect`. */
const keeperOf = ({ keepers, instanceId }: OpenInstance, principals: readonly Principal[]): GrantKeeper => {
  const name = principals.find((principal) => keepers[principal] !== undefined)
  const keeper = name === undefined ? (keepers.user ?? keepers.company) : keepers[name]
  if (keeper === undefined) throw noGrant(instanceId)
  return keeper
}

/** Whose rows a listing shows: as the configuration says, else a company's token shows everybody's. */
const ownersOf = (instance: OpenInstance, { owner, verbs }: Resource): 'own' | 'all' => {
  const set = owner === undefined ? undefined : instance.configuration[owner.configKey]?.trim().toLowerCase()
  if (set === 'own' || set === 'all') return set
  const keeper = keeperOf(instance, verbs.search?.principals ?? eitherPrincipal)
  return keeper.principal === 'company' ? 'all' : 'own'
}

const unheard = (): void => undefined

/** A call that nobody waits for, and whose trace no log tells of. */
export const backgroundCall = (
  instance: OpenInstance,
  signal: StopSignal,
  scriptsMustWork: boolean,
): HubCall => ({
  instance,
  trace: { vendorCalls: [] },
  signal,
  onPlan: unheard,
  onNarrowed: unheard,
  background: true,
  scriptsMustWork,
})

/** How the engine reaches the vendor for a call. */
export const createConnectionOf =
  (maxSeconds: number) =>
  (call: HubCall): Connection => {
    const { instance, trace, signal, background = false, ownLimits } = call
    // No log tells of a call that nobody made, and its trace would grow for as long as it runs.
    const sent = background ? unheard : recordIn(trace)
    return {
      element: instance.element,
      site: instance.site,
      organizationId: instance.organizationId,
      instanceId: instance.instanceId,
      scope: `${instance.organizationId}/${instance.instanceId}`,
      tokensOf: (principals) => keeperOf(instance, principals).tokens(sent),
      principalOf: (principals) => keeperOf(instance, principals).principal,
      scopesOf: (principals) => keeperOf(instance, principals).scopes(),
      subjectOf: (principal) => instance.keepers[principal]?.subject(),
      configured: (key) => instance.readable[key],
      configuration: () => instance.readable,
      secrets: instance.secrets,
      ownersOf: (resource) => ownersOf(instance, resource),
      notes: {
        sent,
        planned: (text, shape) => {
          trace.plan = shape
          call.onPlan(text)
        },
        narrowed: call.onNarrowed,
        ...(call.onReplied === undefined ? {} : { replied: call.onReplied }),
      },
      signal,
      background,
      ...(ownLimits === undefined ? {} : { ownLimits }),
      deadlineMs: (ownLimits?.startedAtMs ?? Date.now()) + (ownLimits?.maxSeconds ?? maxSeconds) * 1_000,
    }
  }
