import type { JsonObject } from '#src/lib/json.ts'
import { createOrchard, type Orchard } from './orchard.ts'
import type { Fate } from './orchard-vendor.ts'
import type { Deed, Meanwhile, Script, Setting, Step } from './script.ts'
import type { Stage } from './stage.ts'
import { type PollSeen, verdictOn } from './verdict.ts'

/**
 * Beyond so many rows a poller forgets some, and tells them again when it looks further back than before: its vendor's
 * clock went back, or it is to.
 */
const rememberedRows = 200

const patterns = {
  1: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  1000: "yyyy-MM-dd'T'HH:mm:ss",
  60000: "yyyy-MM-dd'T'HH:mm",
  86400000: 'yyyy-MM-dd',
} as const

const askedSince = (pattern: string): string => `?where=changedSince='\${gmtDate:${pattern}}'`

const queries = { moment: askedSince(patterns[1]), day: askedSince(patterns[86400000]), all: '' } as const

/** The configuration of the one poller of a script. */
const pollerOf = ({ style, asking }: Script, pageSize: number, pollDelay: number): JsonObject => {
  const format = patterns[style.resolutionMs]
  if (style.kind === 'listing') {
    const dates = { datesConfiguration: { updatedDateField: 'Changed', updatedDateFormat: format } }
    return { pears: { idField: 'ID', pageSize, ...(asking.reads === 'all' ? dates : {}) } }
  }
  return {
    apples: {
      url: `/hubs/fruit/apples${queries[asking.reads]}`,
      idField: 'ID',
      filterByUpdatedDate: !asking.createdOnly,
      pageSize,
      pollDelay,
      datesConfiguration: {
        updatedDateField: 'Changed',
        updatedDateFormat: format,
        createdDateField: 'Made',
        createdDateFormat: format,
      },
    },
  }
}

const actOn = (orchard: Orchard, deed: Deed): void => {
  switch (deed.do) {
    case 'create':
      for (let count = 0; count < deed.count; count += 1) orchard.create(deed)
      break
    case 'update':
      for (const pick of deed.picks) orchard.update(pick, deed)
      break
    case 'remove':
      orchard.remove(deed.pick)
      break
    case 'jump':
      orchard.jump(deed.ms)
      break
  }
}

const unheard = (): void => undefined

/** One instance of a script on its stage. */
const createActor = async (stage: Stage, script: Script, path: string) => {
  const orchard = createOrchard(script.style, script.offsetMs)
  const { caller, vendor } = stage
  let { pageSize } = script
  let delaySeconds = 0
  for (let count = 0; count < script.rowsBefore; count += 1) orchard.create({ lateMs: 0, sameTime: false })
  orchard.pass(600_000)
  vendor.show(orchard)
  vendor.onPage(() => 'ok')
  const made = await stage.hub().instances.create(
    caller,
    {
      elementKeyOrId: 'orchard',
      name: 'Orchard',
      tags: undefined,
      configuration: {
        'oauth.api.key': 'key',
        'oauth.api.secret': 'secret',
        'oauth.callback.url': 'http://x',
        'event.notification.enabled': 'true',
        'event.notification.callback.url': `${stage.receiver.url}/${path}`,
        'event.poller.refresh_interval': '10080',
        'event.poller.configuration': pollerOf(script, pageSize, delaySeconds),
      },
      providerData: { code: 'ripe' },
      externalAuthentication: undefined,
    },
    unheard,
  )
  const { id } = made
  await stage.hold(id)
  const startedAtMs = orchard.now()
  const polls: PollSeen[] = []

  const configure = async (setting: Setting): Promise<void> => {
    const { instances } = stage.hub()
    const change = (configuration: JsonObject) =>
      instances.change(caller, id, { configuration, deep: false }, unheard)
    switch (setting.set) {
      case 'interval':
        await change({ 'event.poller.refresh_interval': String(setting.minutes) })
        break
      case 'page-size':
        pageSize = setting.rows
        await change({ 'event.poller.configuration': pollerOf(script, pageSize, delaySeconds) })
        break
      case 'delay':
        delaySeconds = setting.seconds
        await change({ 'event.poller.configuration': pollerOf(script, pageSize, delaySeconds) })
        break
      case 'callback':
        await change({ 'event.notification.callback.url': `${stage.receiver.url}/${path}/${setting.path}` })
        break
      case 'events':
        await change({ 'event.notification.enabled': String(setting.on) })
        break
      case 'enabled':
        await instances.setEnabled(caller, id, setting.on)
        break
    }
  }

  /** Notes the poll that follows, if it is whole, once nothing is due any more. */
  const begin = async () => {
    const polledAt = await stage.polledAt(id)
    const [before, beganAtMs] = [orchard.snapshot(), orchard.now()]
    vendor.forgetOffsets()
    return async (): Promise<void> => {
      await stage.until('no poll is due', () => stage.isAtRest(id))
      await stage.hold(id)
      if ((await stage.polledAt(id)) === polledAt) return
      const [after, endedAtMs, offsetMs] = [orchard.snapshot(), orchard.now(), vendor.leastOffsetMs()]
      polls.push({ beganAtMs, endedAtMs, offsetMs, before, after })
    }
  }

  const poll = async (): Promise<void> => {
    const end = await begin()
    await stage.makeDue(id)
    await end()
  }

  /** Another process takes over what stands still; what stood still then counts for nothing. */
  const takeOver = async (release: () => void): Promise<void> => {
    const old = await stage.openAnother()
    const lostOf = (): number => old.counts()['pollers']?.lost ?? 0
    const lost = lostOf()
    const end = await begin()
    await stage.expireLeases(id)
    await end()
    const polledAt = await stage.polledAt(id)
    release()
    await stage.until('the poll that stood still ended', () => Promise.resolve(lostOf() > lost))
    if ((await stage.polledAt(id)) !== polledAt) throw new Error('a poll that had lost its lease was stored')
    await old.stop()
  }

  const restart = async (release: () => void): Promise<void> => {
    await stage.hub().stop()
    release()
    const end = await begin()
    await stage.reopen()
    await end()
  }

  const pollSlowly = async ({ page, deeds, readsFirst, ending }: Meanwhile): Promise<void> => {
    let release: (() => void) | undefined
    vendor.onPage(async (number): Promise<Fate> => {
      if (number === page)
        await new Promise<void>((go) => {
          release = go
        })
      return 'ok'
    }, readsFirst)
    const end = await begin()
    await stage.makeDue(id)
    await stage.until('a page is asked for', async () => release !== undefined || stage.isAtRest(id))
    if (release === undefined) return end()
    for (const deed of deeds) actOn(orchard, deed)
    if (ending === 'takeover') return takeOver(release)
    if (ending === 'restart') return restart(release)
    if (typeof ending === 'object') {
      await configure(ending)
      // It asks anew, and knows nothing of what it was told before.
      vendor.forgetOffsets()
    }
    release()
    return end()
  }

  /** The connection breaks that stores what a poll found. */
  const cutDatabase = async (): Promise<void> => {
    orchard.create({ lateMs: 0, sameTime: false })
    const end = await begin()
    await stage.whileTellingIsHeld(id, async (isBlocked, cut) => {
      await stage.makeDue(id)
      await stage.until('the poll ends', async () => (await isBlocked()) || stage.isAtRest(id))
      await cut()
    })
    await end()
  }

  const step = async (one: Step): Promise<void> => {
    vendor.onPage(() => 'ok')
    switch (one.do) {
      case 'pass':
        orchard.pass(one.ms)
        await stage.age(id, one.ms)
        break
      case 'poll':
        await poll()
        break
      case 'poll-fails':
        vendor.onPage((number) => (number === one.page ? one.fate : 'ok'))
        await poll()
        break
      case 'poll-slowly':
        await pollSlowly(one.meanwhile)
        break
      case 'cut-database':
        await cutDatabase()
        break
      case 'restart':
        await stage.hub().stop()
        await stage.reopen()
        break
      case 'configure':
        await configure(one.setting)
        await stage.hold(id)
        break
      case 'trouble':
        stage.answerNext(one.statuses)
        break
      default:
        actOn(orchard, one)
    }
  }

  /** Everything works again and shows itself, and two last polls are whole: what is gone is told by the second. */
  const comeToRest = async (): Promise<void> => {
    await configure({ set: 'events', on: true })
    await configure({ set: 'enabled', on: true })
    await step({ do: 'pass', ms: 200_000 })
    const count = polls.length
    await poll()
    await poll()
    if (polls.length < count + 2) throw new Error('the last polls failed')
    await stage.delivered(id)
  }

  return { id, orchard, polls, startedAtMs, step, comeToRest }
}

const isDelay = (one: Meanwhile['ending']): boolean => typeof one === 'object' && one.set === 'delay'

/** Whether it may make a poll look further back than the one before. */
const looksBack = (one: Step): boolean => {
  if (one.do === 'jump') return one.ms < 0
  if (one.do === 'configure') return isDelay(one.setting)
  return one.do === 'poll-slowly' && (one.meanwhile.deeds.some(looksBack) || isDelay(one.meanwhile.ending))
}

/** What a script came to. */
export interface Result {
  readonly polls: number
  readonly versions: number
  readonly events: number
  readonly failures: readonly string[]
}

/** Plays a script. @param name not yet used on this stage. */
export const play = async (stage: Stage, script: Script, name: string): Promise<Result> => {
  stage.forget()
  const actor = await createActor(stage, script, name)
  const { orchard, polls, startedAtMs } = actor
  for (const one of script.steps) await actor.step(one)
  await actor.comeToRest()
  const versions = [...orchard.versions().values()].reduce((sum, { length }) => sum + length, 0)
  const { asking, steps } = script
  const played = { orchard, asking, startedAtMs, polls, received: stage.received() }
  const failures = verdictOn(played, versions > rememberedRows && steps.some(looksBack))
  await stage.hub().instances.remove(stage.caller, actor.id, false, unheard)
  const events = new Set(played.received.map(({ call }) => call.json.message.eventId)).size
  return { polls: polls.length, versions, events, failures }
}
