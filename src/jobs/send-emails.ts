import { abortSignalOf } from '#src/lib/stop-signal.ts'
import { type EmailDue, type EmailKey, emailsDue, type Job } from '#src/queue/index.ts'
import type { Notifications } from '#src/services/index.ts'

export interface EmailsNeed {
  readonly notifications: Pick<Notifications, 'tryEmail'>
}

/** Mail servers are few, and like few connections. */
const parallel = 4

/** Hands e-mails to the mail server. One that was taken just before a crash may arrive twice, with one Message-ID. */
export const sendEmails = ({ notifications }: EmailsNeed): Job<EmailKey, EmailDue> => ({
  table: emailsDue,
  parallel,
  batch: parallel,
  timeoutSeconds: 120,
  run: ({ row }, signal) => notifications.tryEmail(row, abortSignalOf(signal)),
})
