import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import type { Claim, DeliveryDue, Outcome } from '#src/queue/index.ts'
import type { DeliveryAttempt } from '#src/store/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { emailAddresses } from './addresses.ts'
import type { Emails } from './emails.ts'
import { createGate, type Gate } from './gate.ts'
import type { NotificationsNeed } from './need.ts'
import { createPostponing } from './postpone.ts'
import { receiverAt } from './receiver.ts'
import { signedHeaders } from './sign.ts'

/** A receiver has so long to answer. */
const timeoutMs = 15_000
const mostReplyBytes = 1_048_576
/** After the first attempt; the nth comes 4^n seconds after the one before (spec/contract.md 6.3). */
const mostRetries = 9
/** What a receiver asks for by Retry-After counts up to here. */
const longestAskedSeconds = 86_400

/** A delivery whose subscription and notification are there. */
interface Whole extends DeliveryDue {
  readonly accountId: number
}

interface Tried {
  readonly attempt: DeliveryAttempt
  readonly ok: boolean
  /** The receiver wants no more. */
  readonly gone: boolean
  readonly retryAfterSeconds: number
}

const retryAfterIn = (value: string | undefined): number => {
  if (value === undefined) return 0
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), longestAskedSeconds) : 0
}

const triedBy = (reply: OutboundReply, at: Date, ms: number): Tried => {
  const ok = reply.status >= 200 && reply.status < 300
  return {
    attempt: {
      at: at.toISOString(),
      ms,
      status: reply.status,
      ...(ok ? {} : { error: `The receiver answered ${reply.status}.` }),
    },
    ok,
    gone: reply.status === 410,
    retryAfterSeconds: ok ? 0 : retryAfterIn(reply.headers['retry-after']),
  }
}

const isWhole = (row: DeliveryDue): row is Whole => row.accountId !== null && row.body !== null

/** Until there may be one. */
const noConnectionSeconds = 1
/** Sends what is due to those who subscribed to it. */
export const createDeliver = (need: NotificationsNeed, sendMail: Emails['sendMail']) => {
  const { store, outbound, instances } = need
  const gate: Gate = createGate((receiver, isNews) => postponing.hasten(receiver, isNews))
  const postponing = createPostponing(need, gate)
  const receivers = createClockCache<string, string>({ capacity: 10_000 })

  const receiverOf = (url: string): string => {
    const known = receivers.get(url)
    if (known !== undefined) return known
    const receiver = receiverAt(url)
    receivers.set(url, receiver)
    return receiver
  }

  const before = ({ tries, putOffBy }: Whole): 'failed' | 'put off' | undefined => {
    if (tries > 0) return 'failed'
    return putOffBy === '' ? undefined : 'put off'
  }

  /** Credentials of an instance's configuration go to the callback that it names, or named last, and nowhere else. */
  const headersFor = (
    row: DeliveryDue,
    url: string,
    body: Buffer,
    instance: OpenInstance | null,
    at: Date,
  ): Record<string, string> => {
    const { notificationId, eventId, subscriberId } = row
    const id = eventId ?? String(notificationId)
    const signed = signedHeaders(id, body, instance?.callback.signatureKey, at.getTime())
    if (instance === null) return signed
    // Results of asynchronous calls go there by a subscription of their own while the instance's events are off.
    const { callback, instanceId } = instance
    const isOwn = callback.url === undefined ? subscriberId === instanceId : callback.url === url
    return isOwn ? { ...callback.headers, ...signed } : signed
  }

  /** Which it tells of; of what people say to its subscribers, whose callback that is. */
  const instanceOf = ({
    organizationId,
    instanceId,
    subscriberId,
  }: DeliveryDue): Later<OpenInstance | null> => {
    const id = instanceId ?? subscriberId
    return id === null ? null : instances.openById(organizationId, id)
  }

  /** Of the notification, byte by byte; once for both signatures and the call. */
  const takeBody = (row: DeliveryDue): Buffer => {
    const body = Buffer.from(row.body ?? '')
    row.body = null
    return body
  }

  /** @returns null when this process has no connection to spare: the receiver was not called. */
  const send = async (row: DeliveryDue, url: string, signal: StopSignal): Promise<Tried | null> => {
    const at = new Date()
    const beganMs = performance.now()
    const took = (): number => Math.round(performance.now() - beganMs)
    try {
      const found = instanceOf(row)
      const instance = found instanceof Promise ? await found : found
      const body = takeBody(row)
      const reply = await outbound.send({
        method: 'POST',
        url,
        headers: headersFor(row, url, body, instance, at),
        body,
        timeoutMs,
        maxBytes: mostReplyBytes,
        purpose: 'callback',
        signal,
      })
      return triedBy(reply, at, took())
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'stopping' || signal.aborted) throw error
      if (error.code === 'too-many-requests') return null
      const attempt = { at: at.toISOString(), ms: took(), status: null, error: error.message }
      return { attempt, ok: false, gone: false, retryAfterSeconds: 0 }
    }
  }

  const queued = (more: Readonly<Record<string, unknown>>): Outcome => ({
    due: null,
    set: { status: 'queued', updatedAt: new Date(), putOffBy: '', ...more },
  })

  const nowhere = (error: string): Outcome =>
    queued({ log: [{ at: new Date().toISOString(), ms: 0, status: null, error }] })

  /** What follows from an attempt that failed (spec/contract.md 6.3). */
  const afterFailure = async (row: Whole, { attempt, gone, retryAfterSeconds }: Tried): Promise<Outcome> => {
    const tries = row.tries + 1
    const noted = { tries, log: [attempt], putOffBy: '' }
    const spent = tries > mostRetries
    if (gone || spent) {
      const reason = gone
        ? 'The receiver answered 410: it wants no more.'
        : `The ninth retry failed: ${attempt.error ?? ''}`
      if (await deactivate(row, reason)) return queued(noted)
      const anew = { status: 'retry', updatedAt: new Date(), tries: 0, log: [attempt], putOffBy: '' }
      return { due: { afterSeconds: 0 }, set: anew }
    }
    const settings = await store.accountSettings.all(row.organizationId, row.accountId)
    if (settings['notification.webhook.failure.policy'] === 'queue') return queued(noted)
    const afterSeconds = Math.max(4 ** tries, retryAfterSeconds)
    return { due: { afterSeconds }, set: { status: 'retry', updatedAt: new Date(), ...noted } }
  }

  /**
   * From then on what it should get is queued; what waits already is so too.
   * @returns false when it wants it elsewhere by now: nobody there has refused anything.
   */
  const deactivate = ({ organizationId, subscriptionId, url }: Whole, reason: string): Promise<boolean> =>
    store.transaction(
      async (inside) => {
        await inside.subscriptions.lock(organizationId, [subscriptionId])
        const now = await inside.subscriptions.find(organizationId, subscriptionId)
        if (now !== undefined && (now.config.url ?? null) !== url) return false
        if (await inside.subscriptions.deactivate(organizationId, subscriptionId, reason))
          await inside.deliveries.queueAll(organizationId, subscriptionId)
        return true
      },
      { repeats: true },
    )

  const attempt = async (row: Whole, signal: StopSignal): Promise<Outcome> => {
    const url = row.url ?? ''
    const receiver = receiverOf(url)
    const asked = gate.ask(receiver, before(row))
    const pass = asked instanceof Promise ? await asked : asked
    if ('afterSeconds' in pass) {
      postponing.postpone(receiver, row, pass)
      return { due: { afterSeconds: pass.afterSeconds }, set: { putOffBy: receiver } }
    }
    if (row.putOffBy === receiver) postponing.cameBack(receiver)
    let tried: Tried | null | undefined
    try {
      tried = await send(row, url, signal)
    } finally {
      pass.end(tried?.ok)
    }
    if (tried === null) return { afterSeconds: noConnectionSeconds }
    if (!tried.ok) return afterFailure(row, tried)
    const now = new Date()
    const delivered = { status: 'delivered', updatedAt: now, deliveredAt: now, log: [tried.attempt] }
    return { due: null, set: row.putOffBy === '' ? delivered : { ...delivered, putOffBy: '' } }
  }

  /** Hands it to the mail queue; cut off in between, the mail goes out twice. */
  const mail = async ({ organizationId, notificationId, subscriptionId }: DeliveryDue): Promise<Outcome> => {
    const [notification, subscription] = await Promise.all([
      store.notifications.find(organizationId, notificationId),
      store.subscriptions.find(organizationId, subscriptionId),
    ])
    if (notification === undefined || subscription === undefined) return null
    const to = subscription.config.to ?? subscription.config.email ?? undefined
    if (to === undefined) return nowhere('The subscription names no e-mail address: config.email.')
    const text = JSON.stringify(JSON.parse(notification.body), null, 2)
    await store.transaction((inside) =>
      sendMail(inside, subscription, {
        to: emailAddresses('config.to', to),
        subject: notification.topic,
        text,
      }),
    )
    return { due: null, set: { status: 'notified', updatedAt: new Date() } }
  }

  /**
   * Sends one delivery that is due. Cut off after the receiver has answered, it is sent again, with the same id and bytes.
   * @returns when to come back, where its receiver is busy.
   */
  const run = async ({ row }: Claim<DeliveryDue>, signal: StopSignal): Promise<Outcome> => {
    if (!isWhole(row)) return null
    const { active, channel } = row
    if (!active) return queued({})
    if (channel === 'webhook') return attempt(row, signal)
    if (channel === 'email') return mail(row)
    return nowhere(`The channel ${channel} leads nowhere here.`)
  }

  return { run, waiting: gate.waiting }
}
