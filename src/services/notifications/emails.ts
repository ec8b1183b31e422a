import { randomUUID } from 'node:crypto'
import { type Again, type EmailDue, emailsDue } from '#src/queue/index.ts'
import type { Transaction } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { emailAddress, emailAddresses } from './addresses.ts'
import type { NotificationsNeed } from './need.ts'

/** An e-mail that somebody's account sends. */
export interface Email {
  /** Checked addresses. */
  readonly to: readonly string[]
  /** A checked address; absent: the product's. */
  readonly from?: string
  readonly subject: string
  readonly text: string
}

/** So often a server is asked that does not take it, as with webhooks (spec/contract.md 6.3): for four days. */
const mostRetries = 9

export type Emails = ReturnType<typeof createEmails>

/** E-mails: stored with what they are about, sent by the worker, tried again. */
export const createEmails = ({ store, queue, sender, mailer }: NotificationsNeed) => {
  const hostOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).replace('>', '')

  /** Stores an e-mail in the caller's transaction; without a mail server it is queued until there is one. */
  const sendMail = async (inside: Transaction, caller: Caller, email: Email): Promise<void> => {
    const { organizationId, accountId, userId } = caller
    await inside.emails.insert({
      ...{ organizationId, accountId, userId },
      recipients: email.to,
      sender: email.from ?? sender,
      subject: email.subject,
      message: email.text,
      messageId: `<${randomUUID()}@${hostOf(sender)}>`,
      status: mailer === undefined ? 'queued' : 'created',
    })
    if (mailer !== undefined) await queue.wake(inside.tx, emailsDue)
  }

  return {
    sendMail,
    /** @throws AppError `bad-request` naming what is no e-mail address. */
    postEmail: async (
      caller: Caller,
      email: {
        readonly to: string | readonly string[]
        readonly from: string | undefined
        readonly subject: string
        readonly text: string
      },
    ): Promise<void> => {
      const { to, from, subject, text } = email
      const checked: Email = {
        to: emailAddresses('to', to),
        ...(from === undefined ? {} : { from: emailAddress('from', from) }),
        ...{ subject, text },
      }
      await store.transaction((inside) => sendMail(inside, caller, checked))
    },
    /** One attempt of one e-mail; never throws for what the mail server does. */
    tryEmail: async (row: EmailDue, signal: AbortSignal): Promise<Again> => {
      const updatedAt = new Date()
      if (mailer === undefined) return { due: null, set: { status: 'queued', updatedAt } }
      const { left, refused, reason } = await mailer.send(
        {
          ...{ from: row.sender, to: row.recipients, subject: row.subject, text: row.message },
          ...{ messageId: row.messageId, date: row.createdAt },
        },
        signal,
      )
      signal.throwIfAborted()
      const tries = row.tries + 1
      const set = { tries, updatedAt, error: reason }
      if (left.length === 0)
        return { due: null, set: { ...set, status: refused.length === 0 ? 'sent' : 'failed' } }
      if (tries > mostRetries) return { due: null, set: { ...set, status: 'failed' } }
      return {
        due: { afterSeconds: 4 ** tries },
        set: { ...set, status: 'retry', recipients: left },
      }
    },
    /** What was queued while there was no mail server goes out, where there is one now. */
    releaseEmails: async (): Promise<void> => {
      if (mailer === undefined) return
      await store.transaction(async (inside) => {
        await inside.emails.releaseAll()
        await queue.wake(inside.tx, emailsDue)
      })
    },
  }
}
