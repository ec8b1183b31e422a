import {
  type AnsweredRow,
  type Call,
  type Coded,
  type Content,
  type ContentRead,
  type ContentWrite,
  type Given,
  type LinkInReply,
  type Resource,
  readPath,
  type UploadCreate,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { openSpool, type Spool } from '#src/lib/spool.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { askVendor, type RawBody, type VendorRequest } from './call.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { fileNameIn } from './file-name.ts'
import { typeOfFile } from './file-types.ts'
import { requestOf } from './fill.ts'
import { formOf } from './form.ts'
import { createPort, requestOfPort } from './port.ts'
import { givenTo, type RowAddress, valuesOf, verbOf } from './records.ts'
import { parseBody } from './refusal.ts'
import { toHubRow, type WriteResult } from './rows.ts'
import { newIdOf, readBack } from './write-row.ts'

/** A file, and what it is. */
export interface FileBody {
  readonly file: Spool
  /** Media type, without parameters. */
  readonly type: string
  /** What its sender calls it; absent: nothing. */
  readonly fileName?: string | undefined
  /** Fields that came beside it in a form. */
  readonly fields: Readonly<Record<string, string>>
}

/** A file as it goes out. @see FileBody */
export interface FileFound {
  readonly spool: Spool
  readonly contentType: string
  /** What the file is called; absent: nothing. */
  readonly fileName?: string | undefined
}

type FileTaken = Pick<UploadCreate, 'title' | 'types' | 'mayBeEmpty'>

/** The file with the type that its name tells where its sender told none. @throws AppError `wrong-media-type`, `bad-request`. */
const checkedFile = ({ title: what, types, mayBeEmpty }: FileTaken, body: FileBody): FileBody => {
  const type = typeOfFile(body.type, body.fileName)
  if (!types.includes(type) && !types.includes('*/*')) {
    throw new AppError(
      'wrong-media-type',
      `Content-Type: ${what} takes ${types.join(', ')}, not ${type === '' ? 'a body without a type' : type.slice(0, 64)}.`,
    )
  }
  if (body.file.bytes() === 0 && mayBeEmpty !== true)
    throw new AppError('bad-request', `body: ${what} needs a file, and it is empty.`)
  return { ...body, type }
}

const rawOf = (call: ContentWrite, { file, type, fields }: FileBody): RawBody =>
  call.form === undefined
    ? { contentType: type, bytes: file.bytes(), open: file.read }
    : formOf(call.form, { file, type }, fields)

const sendFile = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: ContentWrite,
  values: Given,
  body: FileBody,
): Promise<OutboundReply> => {
  const request = await requestOf(need, connection, resource, call, values)
  // A second page of the same would be appended.
  return askVendor(need, connection, { ...request, raw: rawOf(call, body), repeatable: false })
}

/**
 * Writes a content of a row, and reads the row back.
 * @throws AppError `wrong-media-type`, and what the vendor's refusal means.
 */
export const writeContent = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  content: Content,
  body: FileBody,
): Promise<WriteResult> => {
  const call = verbOf(resource, content.write, `given: ${content.title}`)
  const file = checkedFile(content, body)
  await sendFile(need, connection, resource, call, valuesOf(resource, address), file)
  return readBack(need, connection, resource, address, [])
}

/** @returns the id of the new row, or what was answered in place of it. */
const uploaded = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  upload: UploadCreate,
  given: Given,
  body: FileBody,
): Promise<string | AnsweredRow> => {
  if (upload.newId === undefined) {
    const { file, type, fileName: name, fields } = body
    const sent = { bytes: file.bytes(), type, name, open: file.read }
    return upload.call.run(createPort(need, connection), { given, file: sent, fields })
  }
  const reply = await sendFile(need, connection, resource, upload.call, given, body)
  return newIdOf(connection, resource, upload, reply, {})
}

/** Creates a row by a file, and reads it back. @throws as `writeContent`. */
export const createByUpload = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  upload: UploadCreate,
  given: Given,
  body: FileBody,
): Promise<WriteResult> => {
  const file = checkedFile(upload, body)
  const id = await uploaded(need, connection, resource, upload, given, file)
  if (typeof id === 'object') return { row: toHubRow(resource, id.row), ignored: [] }
  return readBack(need, connection, resource, { id, given }, [])
}

const linkIn = (text: string, { path, xmlName }: LinkInReply): string | undefined => {
  const found = readPath(parseBody(text), path)
  if (typeof found === 'string' && found !== '') return found
  const tag = new RegExp(`<${xmlName}(?:\\s[^>]*)?>([^<]+)</${xmlName}>`, 'i').exec(text)?.[1]
  return tag?.trim().replaceAll('&amp;', '&')
}

const mostRead = ({ mostBytes, mostReadBytes }: Content): number => mostReadBytes ?? mostBytes

/** Fetches what a reply's link leads to, without a token, from a host of the vendor's only. */
const fetchLink = async (
  need: EngineNeed,
  connection: Connection,
  link: string,
  content: Content,
  spool: Spool,
): Promise<OutboundReply> => {
  const { element, site, signal, notes, deadlineMs } = connection
  if (!URL.canParse(link) || !element.vendor.isOwnUrl(new URL(link), site)) {
    throw new AppError('provider-failed', `${element.title} gave an address for it that is not its own.`, {
      hop: 'provider',
    })
  }
  const reply = await need.outbound.send({
    method: 'GET',
    url: link,
    timeoutMs: Math.max(1, Math.min(need.limits.vendorSeconds * 1000, deadlineMs - Date.now())),
    maxBytes: mostRead(content),
    into: spool,
    signal,
    purpose: 'vendor',
    record: notes.sent,
  })
  if (reply.status < 300) return reply
  throw new AppError('provider-failed', `${element.title} answered ${reply.status} for the file.`, {
    hop: 'provider',
    retryable: true,
  })
}

const readCall = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  content: Content,
  call: Exclude<ContentRead, Coded<unknown>>,
  spool: Spool,
): Promise<OutboundReply> => {
  const { link, orElse } = call
  const values = valuesOf(resource, address)
  const ask = async (from: Call, more: Pick<VendorRequest, 'into' | 'maxBytes'>): Promise<OutboundReply> => {
    const request = await requestOf(need, connection, resource, from, values)
    return askVendor(need, connection, { ...request, ...more, repeatable: true })
  }
  if (link === undefined) {
    const into = { into: spool, maxBytes: mostRead(content) }
    return ask(call, into).catch((error: unknown) => {
      if (orElse === undefined || !(error instanceof AppError) || error.code !== 'provider-not-found')
        throw error
      return ask(orElse, into)
    })
  }
  const reply = await ask(call, {})
  const found = linkIn(reply.body.toString('utf8'), link)
  if (found === undefined)
    throw new AppError('provider-failed', `${resource.name}: the reply names no address of the file.`, {
      hop: 'provider',
    })
  return fetchLink(need, connection, found, content, spool)
}

interface FileReply {
  readonly reply: OutboundReply
  readonly fileName?: string | undefined
}

const readInto = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  content: Content,
  spool: Spool,
): Promise<FileReply> => {
  const call = verbOf(resource, content.read, `read: ${content.title}`)
  if (!('run' in call))
    return { reply: await readCall(need, connection, resource, address, content, call, spool) }
  const given = givenTo(need, connection, resource, address)
  const { request, fileName } = await call.run(createPort(need, connection), { id: address.id, given })
  const into = { into: spool, maxBytes: mostRead(content) }
  const reply = await askVendor(need, connection, { ...requestOfPort(request), ...into })
  return { reply, fileName: fileName ?? fileNameIn(reply.headers['content-disposition']) }
}

/**
 * Reads a content of a row. The caller closes the spool.
 * @throws AppError `provider-failed` over the content's limit or for a foreign address, and what the vendor's refusal means.
 */
export const readContent = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  content: Content,
): Promise<FileFound> => {
  const spool = await openSpool()
  try {
    const { reply, fileName } = await readInto(need, connection, resource, address, content, spool)
    const coding = reply.headers['content-encoding']
    if (coding !== undefined && coding !== 'identity')
      throw new AppError('provider-failed', `${content.title} came packed (${coding.slice(0, 40)}).`, {
        hop: 'provider',
      })
    return { spool, contentType: reply.headers['content-type'] ?? 'application/octet-stream', fileName }
  } catch (error) {
    await spool.close()
    throw error
  }
}
