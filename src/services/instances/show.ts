import type { GrantRow, InstanceRow, UserRow } from '#src/store/index.ts'
import { authenticationView } from './authentication-view.ts'
import type { InstancesRoom } from './need.ts'
import { openToken, wholeConfiguration } from './sealed.ts'
import { type InstanceView, instanceView, type LightInstanceView, lightView } from './view.ts'

/** Of an instance's grants the person's comes first. */
const userFirst = (one: GrantRow, two: GrantRow): number => two.principal.localeCompare(one.principal)

/** Turns rows of one organization into what the API shows. */
export const createShow = (room: InstancesRoom) => {
  const { store, accounts, catalogue } = room

  /** However many rows: one statement for their grants, and one a user, who is one and the same in a listing. */
  const all = async (rows: readonly InstanceRow[]): Promise<readonly InstanceView[]> => {
    const [first] = rows
    if (first === undefined) return []
    const userIds = [...new Set(rows.map((row) => row.userId))]
    const [users, grants] = await Promise.all([
      Promise.all(userIds.map((userId) => accounts.user(first.organizationId, userId))),
      store.grants.ofInstances(
        first.organizationId,
        rows.map((row) => row.instanceId),
      ),
    ])
    const byUser = new Map(
      users.flatMap((user): [number, UserRow][] => (user === undefined ? [] : [[user.userId, user]])),
    )
    return rows.map((row) => {
      const element = catalogue.find(row.elementKey)
      const configuration = wholeConfiguration(room, row)
      const authentication = grants
        .filter(({ instanceId }) => instanceId === row.instanceId)
        .sort(userFirst)
        .map((grant) => authenticationView(room, element, grant, configuration))
      return instanceView(catalogue, {
        row,
        element,
        authentication,
        token: openToken(room, row),
        configuration,
        user: byUser.get(row.userId),
      })
    })
  }

  return {
    all,
    one: async (row: InstanceRow): Promise<InstanceView> => {
      const [view] = await all([row])
      if (view === undefined) throw new Error('a row gave no view')
      return view
    },
    light: (rows: readonly InstanceRow[]): readonly LightInstanceView[] =>
      rows.map((row) =>
        lightView({ row, element: catalogue.find(row.elementKey), token: openToken(room, row) }),
      ),
  }
}

export type Show = ReturnType<typeof createShow>
