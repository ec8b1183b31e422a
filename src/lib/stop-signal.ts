/** As the DOM has it, a function or an object: an object that waits anyway need not make a function. */
export type StopListener = (() => void) | { handleEvent(): void }

/**
 * What waiting code needs of an AbortSignal, and no more: each AbortSignal is one. Those of `createStop` cost a
 * hundredth of an AbortController, which every call would pay.
 */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: StopListener, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: StopListener): void
  throwIfAborted(): void
}

/** Aborts once; listeners are called once, in the order they came, and must not throw. */
class Stop implements StopSignal {
  aborted = false
  reason: unknown = undefined
  /** The first stands by itself: there is seldom another. */
  private first: StopListener | undefined = undefined
  private others: StopListener[] | undefined = undefined

  addEventListener(_type: 'abort', listener: StopListener): void {
    if (this.aborted || this.first === listener) return
    if (this.others !== undefined) {
      if (!this.others.includes(listener)) this.others.push(listener)
    } else if (this.first === undefined) this.first = listener
    else this.others = [listener]
  }

  removeEventListener(_type: 'abort', listener: StopListener): void {
    if (this.first === listener) this.first = undefined
    else this.others = this.others?.filter((other) => other !== listener)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    const { first, others = [] } = this
    this.first = undefined
    this.others = undefined
    for (const listener of first === undefined ? others : [first, ...others])
      if (typeof listener === 'function') listener()
      else listener.handleEvent()
  }
}

/** For code that takes nothing less. */
export const abortSignalOf = (signal: StopSignal): AbortSignal => {
  if (signal instanceof AbortSignal) return signal
  const controller = new AbortController()
  if (signal.aborted) controller.abort(signal.reason)
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  return controller.signal
}

/** A signal and what aborts it. */
export const createStop = (): { readonly signal: StopSignal; readonly stop: (reason: unknown) => void } => {
  const signal = new Stop()
  return { signal, stop: (reason) => signal.abort(reason) }
}
