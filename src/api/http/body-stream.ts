import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { AppError } from '#src/lib/errors.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'

const cutOff = (): AppError =>
  new AppError('bad-request', 'body: the request ends too early: fewer bytes came than were announced.')

/**
 * A body as it comes, no faster than it is read. Whoever leaves it early leaves the connection as it is: the rest
 * flows into nothing, so that the client is there to read the answer.
 * @param signal ends it with an error: a request that was answered early says no more, not even that its client left.
 */
export const streamOfBody = (incoming: IncomingMessage, signal: StopSignal): Readable => {
  const stream = new Readable({
    read: () => {
      incoming.resume()
    },
    destroy: (error, done) => {
      signal.removeEventListener('abort', stop)
      incoming.off('data', take).off('end', end)
      incoming.resume()
      done(error)
    },
  })
  const take = (chunk: Buffer): void => {
    if (!stream.push(chunk)) incoming.pause()
  }
  const end = (): void => {
    stream.push(null)
  }
  const stop = (): void => {
    stream.destroy(signal.reason instanceof AppError ? signal.reason : cutOff())
  }
  // Paused before there is a listener: it would flow at once.
  incoming.pause()
  incoming.on('data', take).once('end', end)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return stream
}
