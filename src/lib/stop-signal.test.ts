import { describe, expect, it } from 'vitest'
import { createStop, type StopSignal } from './stop-signal.ts'

const abortController = (): ReturnType<typeof createStop> => {
  const control = new AbortController()
  return { signal: control.signal, stop: (reason) => control.abort(reason) }
}

/** What an AbortSignal does, ours does too. */
describe.each([
  ['a stop signal', createStop],
  ['an AbortSignal', abortController],
])('%s', (_name, create) => {
  const listen = (signal: StopSignal, heard: string[], word: string) => {
    const listener = (): void => {
      heard.push(word)
    }
    signal.addEventListener('abort', listener, { once: true })
    return listener
  }

  it('tells its listeners once, in order, with the reason already there', () => {
    const { signal, stop } = create()
    const heard: string[] = []
    listen(signal, heard, 'one')
    signal.addEventListener('abort', () => heard.push(String(signal.reason)))
    stop('why')
    stop('again')
    expect(heard).toEqual(['one', 'why'])
    expect([signal.aborted, signal.reason]).toEqual([true, 'why'])
  })

  it('tells objects as it tells functions', () => {
    const { signal, stop } = create()
    const heard: string[] = []
    const named = (word: string) => ({ handleEvent: () => void heard.push(word) })
    const gone = named('gone')
    signal.addEventListener('abort', gone)
    signal.addEventListener('abort', named('one'))
    listen(signal, heard, 'two')
    signal.removeEventListener('abort', gone)
    signal.addEventListener('abort', named('three'))
    stop('why')
    expect(heard).toEqual(['one', 'two', 'three'])
  })

  it('forgets a listener that was removed, and takes the same one once', () => {
    const { signal, stop } = create()
    const heard: string[] = []
    signal.removeEventListener('abort', listen(signal, heard, 'removed'))
    const twice = listen(signal, heard, 'twice')
    signal.addEventListener('abort', twice, { once: true })
    stop('now')
    expect(heard).toEqual(['twice'])
  })

  it('tells nobody who comes after', () => {
    const { signal, stop } = create()
    stop('now')
    const heard: string[] = []
    listen(signal, heard, 'late')
    stop('now')
    expect(heard).toEqual([])
  })
})
