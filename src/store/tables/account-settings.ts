import type { Queryable } from '../queryable.ts'

/** Settings of accounts: texts by key. */
export const accountSettingTable = (db: Queryable) => ({
  all: async (organizationId: number, accountId: number): Promise<Readonly<Record<string, string>>> => {
    const rows = await db.query<{ key: string; value: string }>({
      name: 'account-settings',
      text: 'select key, value from account_settings where organization_id = $1 and account_id = $2 order by key',
      values: [organizationId, accountId],
    })
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
  },
  /** Lays these over what is there. */
  put: (organizationId: number, accountId: number, settings: Readonly<Record<string, string>>) =>
    db.query({
      text: `insert into account_settings (organization_id, account_id, key, value)
        select $1, $2, s.key, s.value from unnest($3::text[], $4::text[]) as s(key, value)
        on conflict (organization_id, account_id, key) do update set value = excluded.value`,
      values: [organizationId, accountId, Object.keys(settings), Object.values(settings)],
    }),
})
