import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '../accounts/index.ts'
import type { NotificationsNeed } from './need.ts'

type Settings = Readonly<Record<string, string>>

const policyKey = 'notification.webhook.failure.policy'

const defaults: Settings = { [policyKey]: 'retry' }

const mostSettings = 100

const checked = (settings: Settings): Settings => {
  const policy = settings[policyKey] ?? 'retry'
  if (policy === 'retry' || policy === 'queue') return settings
  throw new AppError('bad-request', `${policyKey}: retry or queue.`)
}

/** Settings of accounts: a flat map of texts (spec/contract.md 6.3). */
export const createSettings = ({ store }: NotificationsNeed) => {
  const settings = async ({ organizationId, accountId }: Caller): Promise<Settings> => ({
    ...defaults,
    ...(await store.accountSettings.all(organizationId, accountId)),
  })

  return {
    settings,
    /** Lays these over what is there. @throws AppError `bad-request`. @returns all of them. */
    changeSettings: async (caller: Caller, changes: Settings): Promise<Settings> => {
      const all = { ...(await settings(caller)), ...checked(changes) }
      if (Object.keys(all).length > mostSettings)
        throw new AppError('bad-request', `body: an account has at most ${mostSettings} settings.`)
      await store.accountSettings.put(caller.organizationId, caller.accountId, changes)
      return settings(caller)
    },
  }
}
