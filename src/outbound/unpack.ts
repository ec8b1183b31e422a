import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib'
import { AppError } from '#src/lib/errors.ts'

type Unpacker = (packed: Buffer, options: ZlibOptions) => Promise<Buffer>

const zlibInflate: Unpacker = promisify(inflate)
const rawInflate: Unpacker = promisify(inflateRaw)

// RFC 9110, 8.4.1.2: `deflate` is the zlib format, but some servers send the bare one. The low half of the
// first zlib byte is always 8 (RFC 1950, 2.2).
const anyInflate: Unpacker = (packed, options) =>
  ((packed[0] ?? 0) & 0x0f) === 8 ? zlibInflate(packed, options) : rawInflate(packed, options)

const unpackers: Readonly<Record<string, Unpacker>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: anyInflate,
  br: promisify(brotliDecompress),
}

const maxLayers = 2

/** A body of more than `maxBytes`. */
export const tooLarge = (host: string, maxBytes: number): AppError =>
  new AppError(
    'provider-failed',
    `${host} sent a body of more than ${maxBytes} bytes, the most that is read.`,
    {
      hop: 'provider',
      retryable: false,
    },
  )

const failed = (message: string, retryable: boolean, cause?: unknown): AppError =>
  new AppError('provider-failed', message, { hop: 'provider', retryable }, { cause })

const undo = async (body: Buffer, name: string, host: string, maxBytes: number): Promise<Buffer> => {
  const unpacker = Object.hasOwn(unpackers, name) ? unpackers[name] : undefined
  if (unpacker === undefined) {
    throw failed(
      `${host} sent a body in a content coding that is not known here: '${name.slice(0, 40)}'.`,
      false,
    )
  }
  try {
    return await unpacker(body, { maxOutputLength: maxBytes })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, maxBytes)
    throw failed(
      `${host} sent a body that cannot be unpacked (${name}): it is damaged or cut off.`,
      true,
      error,
    )
  }
}

/**
 * Undoes the content codings of a body (RFC 9110, 8.4), the last applied first.
 * @param coding the `content-encoding` header.
 * @throws AppError `provider-failed` when it unpacks to more than `maxBytes`, is damaged, or in an unknown coding.
 */
export const unpack = async (
  body: Buffer,
  coding: string,
  host: string,
  maxBytes: number,
): Promise<Buffer> => {
  if (body.length === 0 || coding === '') return body
  const layers = coding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse()
  if (layers.length > maxLayers) throw failed(`${host} packed a body more than ${maxLayers} times.`, false)
  let plain = body
  for (const name of layers) plain = await undo(plain, name, host, maxBytes)
  return plain
}
