import type { Queryable } from '../queryable.ts'

export interface NewEmail {
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
  readonly recipients: readonly string[]
  readonly sender: string
  readonly subject: string
  readonly message: string
  /** The header Message-ID: it stays the same however often the e-mail is tried. */
  readonly messageId: string
  /** `queued`: it waits until there is a mail server. */
  readonly status: 'created' | 'queued'
}

/** E-mails, kept for as long as events are. */
export const emailTable = (db: Queryable) => ({
  /** Due now, unless it is queued. */
  insert: (row: NewEmail) =>
    db.query({
      text: `insert into emails (organization_id, email_id, account_id, user_id, recipients, sender, subject, message,
          message_id, status, due_at)
        values ($1, nextval('email_ids'), $2, $3, $4, $5, $6, $7, $8, $9, case when $9 = 'created' then now() end)`,
      values: [
        row.organizationId,
        row.accountId,
        row.userId,
        JSON.stringify(row.recipients),
        row.sender,
        row.subject,
        row.message,
        row.messageId,
        row.status,
      ],
    }),
  /** What waited for a mail server, of every organization, is due now. */
  releaseAll: () =>
    db.query({
      text: `update emails set status = 'created', due_at = now(), updated_at = now() where status = 'queued'`,
      values: [],
    }),
  /** Removes what is older than so many days and not on its way. @returns how many. */
  prune: async (days: number, limit: number): Promise<number> => {
    const rows = await db.query({
      text: `delete from emails e using (select organization_id, email_id from emails
          where created_at < now() - make_interval(days => $1) and due_at is null limit $2) old
        where e.organization_id = old.organization_id and e.email_id = old.email_id returning 1`,
      values: [days, limit],
    })
    return rows.length
  },
})
