import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createBag, type Slot } from '#src/lib/bag.ts'
import type { AppError } from '#src/lib/errors.ts'
import { errorOfParser, type ParserError, refuseOnSocket } from './refusal.ts'

/** A call between its head's arrival and its reply's last byte. */
export interface OpenCall {
  readonly incoming: IncomingMessage
  /** Ends the wait for a reply with this error; nothing once the reply is on its way. */
  readonly interrupt: (error: AppError) => void
  /** The connection is gone. */
  readonly leave: () => void
}

interface Connection {
  /** Few: more than one only where a client sends the next request before it has the reply. */
  readonly calls: OpenCall[]
  latest: IncomingMessage | undefined
  /** The parser gave up: no further request can come. */
  refused: boolean
  /** Waits for the replies before it, since replies keep the order of requests. */
  refusal: AppError | undefined
}

export type Connections = ReturnType<typeof createConnections>

/** Which calls run on which socket, so that parser errors, departures and a stop reach the right ones. */
export const createConnections = () => {
  const connections = new WeakMap<Socket, Connection>()
  const running = createBag<OpenCall>()
  const waitingForIdle = new Set<() => void>()

  const leaveAll = ({ calls }: Connection): void => {
    for (const call of [...calls]) call.leave()
  }

  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket)
    if (known !== undefined) return known
    const made: Connection = { calls: [], latest: undefined, refused: false, refusal: undefined }
    connections.set(socket, made)
    // A reply queued behind another on the same socket gets no event of its own when the socket closes.
    socket.once('close', () => leaveAll(made))
    return made
  }

  /** Takes a call up; the result takes it off, once. */
  const add = (call: OpenCall): (() => void) => {
    const connection = connectionOf(call.incoming.socket)
    connection.latest = call.incoming
    connection.calls.push(call)
    const slot = running.add(call)
    return () => remove(connection, slot)
  }

  /** After the last reply on a connection whose parser gave up. */
  const settle = (socket: Socket, { refused, refusal }: Connection): void => {
    if (refusal !== undefined) refuseOnSocket(socket, refusal)
    else if (refused) socket.destroySoon()
  }

  const remove = (connection: Connection, slot: Slot<OpenCall>): void => {
    const { calls } = connection
    calls.splice(calls.indexOf(slot.item), 1)
    running.remove(slot)
    if (calls.length === 0) settle(slot.item.incoming.socket, connection)
    if (running.size > 0) return
    for (const resolve of waitingForIdle) resolve()
    waitingForIdle.clear()
  }

  /** An error in the body of the latest request belongs to its call, which may have been answered already. */
  const refuseBody = (socket: Socket, { calls, latest }: Connection, error: AppError): void => {
    const call = calls.find(({ incoming }) => incoming === latest)
    if (call === undefined) socket.destroy()
    else call.interrupt(error)
  }

  /** Answers what the HTTP parser refused; for the `clientError` event. */
  const refuse = (parserError: ParserError, socket: Socket): void => {
    const connection = connectionOf(socket)
    if (connection.refused) return
    connection.refused = true
    if (
      !socket.writable ||
      parserError.code === 'ECONNRESET' ||
      parserError.code?.startsWith('ERR_SSL') === true
    ) {
      socket.destroy()
      return
    }
    const error = errorOfParser(parserError)
    if (connection.latest?.complete === false) refuseBody(socket, connection, error)
    else if (connection.calls.length > 0) connection.refusal = error
    else refuseOnSocket(socket, error)
  }

  const interruptAll = (error: AppError): void => {
    for (const { item } of running.slots()) item.interrupt(error)
  }

  /** Resolves when no call runs, at the latest after the given time. */
  const idle = async (withinMs: number): Promise<void> => {
    if (running.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      waitingForIdle.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  return { add, refuse, interruptAll, idle }
}
