import type { IncomingMessage } from 'node:http'
import type { Upload } from '../operation.ts'
import type { Files } from './files.ts'

/** Streams a body to a file. `discard` removes it again unless the operation kept it. */
export const receiveUpload = async (
  files: Files,
  request: IncomingMessage,
  most: number,
): Promise<Upload & { discard(): void }> => {
  const stored = await files.receive(request, most)
  let kept = false
  return {
    ...stored,
    keep: () => {
      kept = true
    },
    discard: () => {
      if (!kept) files.remove(stored.name)
    },
  }
}
