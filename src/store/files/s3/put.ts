import { cut } from '#src/lib/cut.ts'
import type { AskS3 } from './calls.ts'
import { failureOf, isAbsent } from './failure.ts'
import { escapeXml, textOf } from './xml.ts'

/** The least that S3 takes as a part of a larger object; 10,000 of them are 48 GB. All but the last are alike. */
const partBytes = 5 * 2 ** 20

/** An object that is made of parts; nobody sees it before it is complete. */
const begin = async (ask: AskS3, key: string) => {
  const begun = await ask({ method: 'POST', key, query: { uploads: '' } })
  const uploadId = textOf(begun.body.toString('utf8'), 'UploadId')
  if (uploadId === undefined) throw new Error('S3 began an upload of parts and did not name it')
  const etags: string[] = []
  const xml = (): Buffer =>
    Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${etags
        .map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`)
        .join('')}</CompleteMultipartUpload>`,
    )

  /** That the one before was heard of, and its answer was lost. */
  const isThere = async (bytes: number): Promise<boolean> => {
    const found = await ask({ method: 'HEAD', key, takes: [404] })
    return found.status === 200 && Number(found.headers['content-length']) === bytes
  }

  return {
    add: async (piece: Uint8Array): Promise<void> => {
      const query = { partNumber: String(etags.length + 1), uploadId }
      const { headers } = await ask({ method: 'PUT', key, query, body: piece })
      if (headers['etag'] === undefined) throw new Error('S3 stored a part and gave no ETag for it')
      etags.push(headers['etag'])
    },
    /** @param bytes of all parts. */
    complete: async (bytes: number): Promise<void> => {
      try {
        const headers = { 'content-type': 'application/xml' }
        const reply = await ask({ method: 'POST', key, query: { uploadId }, headers, body: xml() })
        // It may answer 200 before it knows, and then say in the body that it failed.
        if (reply.body.includes('<Error>')) throw failureOf(reply)
      } catch (error) {
        if (!isAbsent(error) || !(await isThere(bytes))) throw error
      }
    },
    abort: () => abortUpload(ask, { key, uploadId }),
  }
}

/** An upload of parts that was begun. */
export interface BegunUpload {
  readonly key: string
  readonly uploadId: string
}

/** Forgets its parts. Some stores know no such request, and forget them by themselves. */
export const abortUpload = async (ask: AskS3, { key, uploadId }: BegunUpload): Promise<void> => {
  await ask({ method: 'DELETE', key, query: { uploadId }, takes: [404, 405, 501] })
}

const putObject = async (
  ask: AskS3,
  key: string,
  source: AsyncIterable<Uint8Array>,
  held: Buffer,
): Promise<number> => {
  let upload: Awaited<ReturnType<typeof begin>> | undefined
  let bytes = 0
  try {
    for await (const { bytes: piece, isLast } of cut(source, partBytes, held)) {
      bytes += piece.length
      if (isLast && upload === undefined) {
        await ask({ method: 'PUT', key, body: piece })
        return bytes
      }
      upload ??= await begin(ask, key)
      await upload.add(piece)
    }
    await upload?.complete(bytes)
    return bytes
  } catch (error) {
    await upload?.abort().catch(() => undefined)
    throw error
  }
}

/** Buffers that are kept for the next object; a step of a download makes one every few seconds. */
const mostSpare = 2

/** Stores objects whole, or not at all: at once where they are small, else in parts. */
export const createPut = (ask: AskS3) => {
  const spare: Buffer[] = []
  /** @returns its bytes. */
  return async (key: string, source: AsyncIterable<Uint8Array>): Promise<number> => {
    const held = spare.pop() ?? Buffer.allocUnsafeSlow(partBytes)
    const bytes = await putObject(ask, key, source, held)
    // After a failure something may still be on its way out of it.
    if (spare.length < mostSpare) spare.push(held)
    return bytes
  }
}
