/**
 * What waiting code needs of an AbortSignal, and no more: each AbortSignal is one. Those of `createStop` cost a
 * hundredth of an AbortController, which every call would pay.
 */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
  throwIfAborted(): void
}

/** Aborts once; listeners are called once, in the order they came, and must not throw. */
class Stop implements StopSignal {
  aborted = false
  reason: unknown = undefined
  private listeners: (() => void)[] | undefined = undefined

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.aborted) return
    if (this.listeners === undefined) this.listeners = [listener]
    else if (!this.listeners.includes(listener)) this.listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.listeners?.indexOf(listener) ?? -1
    if (at !== -1) this.listeners?.splice(at, 1)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    const listeners = this.listeners ?? []
    this.listeners = undefined
    for (const listener of listeners) listener()
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
