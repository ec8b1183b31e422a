import { createBatchLoad } from '#src/lib/batch-load.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import type { Claim, DeliveryDue, DeliveryKey, Outcome } from '#src/queue/index.ts'
import type { DeliveryAttempt, SentNotification, SubscriptionRow } from '#src/store/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { emailAddresses } from './addresses.ts'
import type { Emails } from './emails.ts'
import { createGate } from './gate.ts'
import type { NotificationsNeed } from './need.ts'
import { signedHeaders } from './sign.ts'

/** A receiver has so long to answer. */
const timeoutMs = 15_000
const mostReplyBytes = 1_048_576
/** After the first attempt; the nth comes 4^n seconds after the one before (spec/contract.md 6.3). */
const mostRetries = 9
/** What a receiver asks for by Retry-After counts up to here. */
const longestAskedSeconds = 86_400

interface Loaded {
  readonly deliveryId: number
  readonly notification: SentNotification
  readonly subscription: SubscriptionRow
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

const originIn = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

const keyOf = ({ organizationId, deliveryId }: DeliveryKey): string => `${organizationId}/${deliveryId}`

/** Sends what is due to those who subscribed to it. */
export const createDeliver = (need: NotificationsNeed, sendMail: Emails['sendMail']) => {
  const { store, outbound, instances } = need
  const gate = createGate()
  const origins = createClockCache<string, string>({ capacity: 1_000 })

  const originOf = (url: string): string => {
    const known = origins.get(url)
    if (known !== undefined) return known
    const origin = originIn(url)
    origins.set(url, origin)
    return origin
  }

  const loadOf = async (organizationId: number, rows: readonly DeliveryDue[]): Promise<readonly Loaded[]> => {
    const [sent, subscribed] = await Promise.all([
      store.notifications.toSend(organizationId, [...new Set(rows.map((row) => row.notificationId))]),
      store.subscriptions.findAll(organizationId, [...new Set(rows.map((row) => row.subscriptionId))]),
    ])
    const notifications = new Map(sent.map((row) => [row.notificationId, row]))
    const subscriptions = new Map(subscribed.map((row) => [row.subscriptionId, row]))
    return rows.flatMap(({ deliveryId, notificationId, subscriptionId }) => {
      const notification = notifications.get(notificationId)
      const subscription = subscriptions.get(subscriptionId)
      if (notification === undefined || subscription === undefined) return []
      return [{ deliveryId, notification, subscription }]
    })
  }

  /** Undefined where one of them is no more. */
  const load = createBatchLoad<DeliveryDue, Loaded>(keyOf, async (rows) => {
    const found = new Map<string, Loaded>()
    for (const organizationId of new Set(rows.map((row) => row.organizationId))) {
      const some = rows.filter((row) => row.organizationId === organizationId)
      for (const loaded of await loadOf(organizationId, some))
        found.set(keyOf({ organizationId, deliveryId: loaded.deliveryId }), loaded)
    }
    return found
  })

  /** Credentials of an instance's configuration go to its own callback and nowhere else. */
  const headersFor = (
    { notification, subscription }: Loaded,
    body: Buffer,
    instance: OpenInstance | null,
    at: Date,
  ): Record<string, string> => {
    const { notificationId, eventId } = notification
    const signed = signedHeaders(
      eventId ?? String(notificationId),
      body,
      instance?.callback.signatureKey,
      at.getTime(),
    )
    // Results of asynchronous calls go there by a subscription of their own while the instance's events are off.
    const isOwn =
      instance !== null &&
      (subscription.instanceId === instance.instanceId ||
        subscription.config['url'] === instance.callback.url)
    return isOwn ? { ...instance.callback.headers, ...signed } : signed
  }

  const instanceOf = ({ notification: { instanceId }, subscription }: Loaded): Later<OpenInstance | null> =>
    instanceId === null ? null : instances.openById(subscription.organizationId, instanceId)

  const send = async (loaded: Loaded, url: string, signal: StopSignal): Promise<Tried> => {
    const at = new Date()
    const beganMs = performance.now()
    const took = (): number => Math.round(performance.now() - beganMs)
    try {
      const found = instanceOf(loaded)
      const instance = found instanceof Promise ? await found : found
      // Bytes once, for both signatures and the call.
      const body = Buffer.from(loaded.notification.body)
      const reply = await outbound.send({
        method: 'POST',
        url,
        headers: headersFor(loaded, body, instance, at),
        body,
        timeoutMs,
        maxBytes: mostReplyBytes,
        purpose: 'callback',
        signal,
      })
      return triedBy(reply, at, took())
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'stopping' || signal.aborted) throw error
      const attempt = { at: at.toISOString(), ms: took(), status: null, error: error.message }
      return { attempt, ok: false, gone: false, retryAfterSeconds: 0 }
    }
  }

  const queued = (more: Readonly<Record<string, unknown>>): Outcome => ({
    due: null,
    set: { status: 'queued', updatedAt: new Date(), ...more },
  })

  /** What follows from an attempt that failed (spec/contract.md 6.3). */
  const afterFailure = async (
    claim: Claim<DeliveryDue>,
    { subscription }: Loaded,
    { attempt, gone, retryAfterSeconds }: Tried,
  ): Promise<Outcome> => {
    const tries = claim.row.tries + 1
    const noted = { tries, log: [attempt] }
    const spent = tries > mostRetries
    if (gone || spent) {
      const reason = gone
        ? 'The receiver answered 410: it wants no more.'
        : `The ninth retry failed: ${attempt.error ?? ''}`
      await deactivate(subscription, reason)
      return queued(noted)
    }
    const settings = await store.accountSettings.all(subscription.organizationId, subscription.accountId)
    if (settings['notification.webhook.failure.policy'] === 'queue') return queued(noted)
    const afterSeconds = Math.max(4 ** tries, retryAfterSeconds)
    return { due: { afterSeconds }, set: { status: 'retry', updatedAt: new Date(), ...noted } }
  }

  /** From then on what it should get is queued; what waits already is so too. */
  const deactivate = ({ organizationId, subscriptionId }: SubscriptionRow, reason: string): Promise<void> =>
    store.transaction(async (inside) => {
      await inside.subscriptions.lock(organizationId, [subscriptionId])
      if (await inside.subscriptions.deactivate(organizationId, subscriptionId, reason))
        await inside.deliveries.queueAll(organizationId, subscriptionId)
    })

  const attempt = async (claim: Claim<DeliveryDue>, loaded: Loaded, signal: StopSignal): Promise<Outcome> => {
    const url = String(loaded.subscription.config['url'] ?? '')
    const asked = gate.ask(originOf(url))
    const pass = asked instanceof Promise ? await asked : asked
    if ('afterSeconds' in pass) return pass
    let tried: Tried | undefined
    try {
      tried = await send(loaded, url, signal)
    } finally {
      pass.end(tried?.ok === true)
    }
    if (!tried.ok) return afterFailure(claim, loaded, tried)
    const now = new Date()
    return { due: null, set: { status: 'delivered', updatedAt: now, deliveredAt: now, log: [tried.attempt] } }
  }

  /** Hands it to the mail queue; cut off in between, the mail goes out twice. */
  const mail = async ({ subscription, notification }: Loaded): Promise<Outcome> => {
    const { to, email } = subscription.config
    const text = JSON.stringify(JSON.parse(notification.body), null, 2)
    await store.transaction((inside) =>
      sendMail(inside, subscription, {
        to: emailAddresses('config.to', to ?? email),
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
  const run = async (claim: Claim<DeliveryDue>, signal: StopSignal): Promise<Outcome> => {
    const loaded = await load(claim.row)
    if (loaded === undefined) return null
    const { subscription } = loaded
    if (!subscription.active) return queued({})
    if (subscription.channel === 'webhook') return attempt(claim, loaded, signal)
    if (subscription.channel === 'email') return mail(loaded)
    const error = `The channel ${subscription.channel} leads nowhere here.`
    const log = [{ at: new Date().toISOString(), ms: 0, status: null, error }]
    return queued({ log })
  }

  return { run, waiting: gate.waiting }
}
