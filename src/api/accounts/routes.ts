import { AccountSettingsBody, AccountSettingsReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'

/**
 * Only the caller's own account: whether another exists is not told (spec/behaviour.md 0, foreign ids).
 * @throws AppError `not-allowed`; `not-found` for what can be no account's id.
 */
const ownAccount = (caller: Caller, id: string | undefined): void => {
  if (id === undefined || idIn('account', id) === caller.accountId) return
  throw new AppError('not-allowed', `account ${id}: only settings of your own account are yours to see.`)
}

const readSettings = (path: string): Route =>
  defineRoute({
    method: 'GET',
    path,
    auth: 'platform',
    reply: AccountSettingsReply,
    handle: ({ ctx, caller, params }) => {
      ownAccount(caller, params.id)
      return ctx.notifications.settings(caller)
    },
  })

const changeSettings = (method: 'PATCH' | 'POST', path: string): Route =>
  defineRoute({
    method,
    path,
    auth: 'platform',
    body: AccountSettingsBody,
    reply: AccountSettingsReply,
    handle: ({ ctx, caller, params, body }) => {
      ownAccount(caller, params.id)
      const changes = Object.entries(body).map(([key, value]) => [key, String(value)] as const)
      return ctx.notifications.changeSettings(caller, Object.fromEntries(changes))
    },
  })

/** Settings of the caller's account, with and without its id (spec/contract.md 6.3). */
export const accountSettingRoutes: readonly Route[] = [
  '/accounts/settings',
  '/accounts/{id}/settings',
].flatMap((path) => [readSettings(path), changeSettings('PATCH', path), changeSettings('POST', path)])
