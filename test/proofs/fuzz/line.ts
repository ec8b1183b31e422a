import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { finalReply, type Reply } from './replies.ts'

/** No answer within this time counts as none; far above what any call may take here. */
const answerWithinMs = 60_000

/** A kept-alive connection for one request after another; a new socket is opened when the server closed it. */
export interface Line {
  /** @throws Error when the server closed without an answer, or gave none in time. */
  readonly ask: (request: Buffer, isHead: boolean) => Promise<Reply>
  readonly close: () => void
}

const openSocket = async (port: number): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

/** Reads one final reply; interim ones are passed over. */
const readReply = (socket: Socket, isHead: boolean): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const done = (act: () => void): void => {
      clearTimeout(timer)
      socket.off('data', take)
      socket.off('close', leave)
      socket.off('end', leave)
      act()
    }
    const leave = (): void => done(() => reject(new Error('the server closed without an answer')))
    const take = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const reply = finalReply(received, isHead)
      if (reply === undefined) done(() => reject(new Error('the answer is not HTTP/1.1')))
      else if (reply !== null) done(() => resolve(reply))
    }
    const timer = setTimeout(() => done(() => reject(new Error('no answer in time'))), answerWithinMs)
    socket.on('data', take)
    socket.once('close', leave)
    socket.once('end', leave)
  })

/** A connection to this loopback port. */
export const openLine = (port: number): Line => {
  let socket: Socket | undefined
  const drop = (): void => {
    socket?.destroy()
    socket = undefined
  }
  return {
    ask: async (request, isHead) => {
      socket ??= await openSocket(port)
      const current = socket
      current.on('error', drop)
      const reply = readReply(current, isHead)
      current.write(request)
      try {
        const read = await reply
        if (read.headers['connection'] === 'close' || current.readableEnded) drop()
        return read
      } catch (error) {
        drop()
        throw error
      } finally {
        current.off('error', drop)
        // An error after the answer must find a listener, or it would end the process.
        if (current.listenerCount('error') === 0) current.on('error', () => undefined)
      }
    },
    close: drop,
  }
}

/** How long a socket waits for an answer before it ends its side, without which half a request has no end. */
const endAfterMs = 150

/**
 * Sends bytes and collects what comes until the server closes. Our side ends at once, or after the first bytes of
 * an answer and at the latest after `endAfterMs`. @throws Error when the server does not close.
 */
export const sendAndListen = (port: number, bytes: Buffer, endAtOnce: boolean): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const chunks: Buffer[] = []
    const giveUp = setTimeout(() => {
      socket.destroy()
      const so = Buffer.concat(chunks).toString('latin1').slice(0, 200)
      reject(new Error(`not closed in time, after ${JSON.stringify(so)}`))
    }, answerWithinMs)
    const end = setTimeout(() => socket.end(), endAtOnce ? 0 : endAfterMs)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (!socket.writableEnded) socket.end()
    })
    // A reset is a closed socket too; what came before it counts.
    socket.on('error', () => undefined)
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(giveUp)
      clearTimeout(end)
      resolve(Buffer.concat(chunks))
    })
    socket.write(bytes)
  })
