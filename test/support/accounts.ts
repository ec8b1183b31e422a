import type { Member, Product } from './product.ts'
import { openBeside } from './rows.ts'

/**
 * One more account of the administrator's organization, with a user of its own; no call makes accounts yet, so the
 * rows are written here.
 */
export const addAccount = async (
  product: Product,
  name: string,
): Promise<Member & { readonly accountId: number }> => {
  const { accounts } = product.context
  const admin = await accounts.memberByEmail(product.admin.email)
  if (admin === null) throw new Error('the product has no administrator')
  const { organizationId } = admin.caller
  const email = `${name}@northwind.example`
  const { password } = product.admin
  const made = await accounts.addUser(organizationId, email, password)
  const db = await openBeside(product)
  try {
    const [account] = await db.query<{ id: number }>({
      text: `insert into accounts (organization_id, account_id, name, external_id)
        values ($1, nextval('account_ids'), $2, $2) returning account_id as id`,
      values: [organizationId, name],
    })
    if (account === undefined) throw new Error('no account was made')
    await db.query({
      text: 'update users set account_id = $3 where organization_id = $1 and user_id = $2',
      values: [organizationId, made.userId, account.id],
    })
    const { userSecret: user, organizationSecret: organization } = made
    return { email, password, user, organization, accountId: account.id }
  } finally {
    await db.close()
  }
}
