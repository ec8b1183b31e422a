import type { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'

/** A file whose length is not known before it is out. */
export interface FileStream {
  /** Called once, unless only the head is asked for. */
  readonly read: () => AsyncIterable<Uint8Array>
  /** Lets go of what was read ahead, where `read` is not called. */
  readonly close?: () => Promise<unknown>
}

/** What breaks off on its way breaks the connection: whoever reads must not take it for whole. */
export const sendStream = (response: ServerResponse, stream: FileStream): void => {
  pipeline(Readable.from(stream.read(), { objectMode: false }), response, (error) => {
    if (error) response.destroy()
  })
}
