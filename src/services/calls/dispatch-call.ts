import { AppError } from '#src/lib/errors.ts'
import { callsDue } from '#src/queue/index.ts'
import type { Caller } from '../accounts/index.ts'
import { callbackAddress } from '../notifications/index.ts'
import { type Callback, sealCarried } from './carried.ts'
import type { CallInput } from './jobs.ts'
import type { CallsNeed } from './need.ts'

const header = 'Elements-Async-Callback-Url'
const configurationKey = 'event.notification.callback.url'

/** Stores calls whose result is told later. */
export const createDispatch = (need: CallsNeed) => {
  const { store, queue } = need

  /**
   * Where the result will go.
   * @param url of the header; undefined: not sent.
   * @throws AppError `bad-request` when there is none, or it is no http(s) address.
   */
  const callbackOf = async (
    { organizationId }: Caller,
    instanceId: number | null,
    url: string | undefined,
  ): Promise<Callback> => {
    const instance =
      instanceId === null ? undefined : await need.instances.ownAccess(organizationId, instanceId)
    const theirs = instance?.callbackUrl
    if (url !== undefined) return { url: callbackAddress(url, header), isOfInstance: url === theirs }
    if (theirs !== undefined) return { url: callbackAddress(theirs, configurationKey), isOfInstance: true }
    throw new AppError(
      'bad-request',
      `${header}: missing. Send the address for the result, or set ${configurationKey} of the instance.`,
    )
  }

  return {
    callbackOf,
    /**
     * Stores a call, due now; its result goes to the callback.
     * @returns its id.
     * @throws AppError as `callbackOf`.
     */
    dispatch: async (caller: Caller, input: CallInput, url: string | undefined): Promise<number> => {
      const { organizationId, accountId, userId } = caller
      const { instanceId, method, path, search, query, headers, body } = input
      const callback = await callbackOf(caller, instanceId, url)
      const callId = await store.calls.nextId()
      const sealed = sealCarried(need, { organizationId, callId }, { search, query, headers, callback }, body)
      await store.transaction(async (inside) => {
        await inside.calls.insert({
          ...{
            organizationId,
            callId,
            accountId,
            userId,
            instanceId,
            kind: 'async',
            method,
            path,
            ...sealed,
          },
          ...{ name: '', description: '', cron: null, dueAt: null },
        })
        await queue.wake(inside.tx, callsDue)
      })
      return callId
    },
  }
}
