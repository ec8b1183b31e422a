import { AppError } from '#src/lib/errors.ts'
import type { HubCall, Objects, PassedRequest, RowReply } from '#src/services/index.ts'
import { type ApiReply, headerText, refuseMediaType, type Upload, wrongVerb } from './http/index.ts'
import type { HubRequest } from './hub.ts'
import type { Resource, Run } from './hub-runs.ts'

type Content = Parameters<Objects['readContent']>[3]

/** The segment under which the vendor's own addresses are called. */
export const passthroughName = 'passthrough'

/** What is told to whoever sends JSON, or nothing, where a file belongs. */
const noFile = ({ body }: HubRequest): AppError =>
  body === undefined
    ? new AppError('bad-request', 'body: send the file, as it is or as a part of a form; nothing came.')
    : new AppError('wrong-media-type', 'Content-Type: send the file with its own type, or as a form.')

/** Runs something on an upload and closes it, whatever became of it. */
const withUpload = async <Result>(
  request: HubRequest,
  mostBytes: number,
  run: (upload: Upload) => Promise<Result>,
  field?: string,
): Promise<Result> => {
  const { upload } = request
  if (upload === undefined) throw noFile(request)
  const read = await upload(mostBytes, { field })
  try {
    return await run(read)
  } finally {
    await read.file.close()
  }
}

/** A row, or nothing, with what was done differently from what was asked. */
export const rowReply = ({ row, notice }: Partial<RowReply>): ApiReply => ({
  ...(row === undefined ? {} : { body: row }),
  headers: notice === undefined ? {} : { 'elements-error': headerText(notice, 4_000) },
})

/** RFC 6266 4.1 and RFC 8187 3.2: a browser keeps it under its name and runs nothing in it. */
const named = (fileName: string | undefined): Pick<ApiReply, 'headers'> => {
  if (fileName === undefined) return {}
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  )
  return { headers: { 'content-disposition': `attachment; filename*=UTF-8''${encoded}` } }
}

/**
 * Reads or writes a content of a row: `GET`, `POST` or `PUT`.
 * @throws AppError `wrong-verb` for what cannot be done with it.
 */
export const contentRun = (content: Content, { method, segments }: HubRequest): Run => {
  const possible = [...(content.read ? ['GET'] : []), ...(content.write ? ['POST', 'PUT'] : [])]
  if (!possible.includes(method)) throw wrongVerb(method, `/${segments.join('/')}`, possible)
  if (method === 'GET')
    return async (call, objects, target) => {
      const { spool, contentType, fileName } = await objects.readContent(
        call,
        target.resource,
        target,
        content,
      )
      return { file: { spool, contentType }, ...named(fileName) }
    }
  return (call, objects, target, request) =>
    withUpload(request, content.mostBytes, async (body) =>
      rowReply(await objects.writeContent(call, target.resource, target, content, body)),
    )
}

/** `POST /{resource}` with a file. @throws AppError `wrong-media-type` where the resource takes none. */
export const uploadCreate = (
  objects: Objects,
  call: HubCall,
  resource: Resource,
  request: HubRequest,
  given: Readonly<Record<string, string>>,
): Promise<ApiReply> => {
  const { upload } = resource
  if (upload === undefined) return refuseMediaType()
  const create = async (body: Upload): Promise<ApiReply> => {
    const named = (resource.address ?? []).flatMap(({ name }): [string, string][] => {
      const value = body.fields[name]
      return value === undefined ? [] : [[name, value]]
    })
    return rowReply(
      await objects.createByUpload(call, resource, { ...Object.fromEntries(named), ...given }, body),
    )
  }
  return withUpload(request, upload.mostBytes, create, upload.form?.file)
}

const principals = ['user', 'company'] as const

const principalIn = ({ headers }: HubRequest): PassedRequest['principal'] => {
  const named = headers['elements-principal']?.toString().trim().toLowerCase()
  if (named === undefined || named === '') return undefined
  const found = principals.find((principal) => principal === named)
  if (found !== undefined) return found
  throw new AppError(
    'bad-request',
    `Elements-Principal: ${principals.join(' or ')}, not '${named.slice(0, 32)}'.`,
  )
}

/** The segments of the vendor's path as they were sent, without what leads to the passthrough. */
const sentSegments = ({ path, segments }: HubRequest): readonly string[] => {
  const sent = path.split('/').filter((segment) => segment !== '')
  return sent.slice(sent.length - segments.length + 1)
}

const passedReply = async (
  objects: Objects,
  call: HubCall,
  request: HubRequest,
  body: PassedRequest['body'],
): Promise<ApiReply> => {
  const { status, headers, ...file } = await objects.passThrough(call, {
    method: request.isHead ? 'HEAD' : (request.method as PassedRequest['method']),
    segments: sentSegments(request),
    query: request.queryText,
    headers: request.headers,
    body,
    principal: principalIn(request),
  })
  return { status, headers: { ...headers, 'elements-hop': 'provider' }, file }
}

/**
 * `/passthrough/{the vendor's path}`: signed and handed on, and the reply handed back as it is, refusals too.
 * `Elements-Hop: provider` tells it from an error of ours.
 */
export const passthroughCall = async (
  objects: Objects,
  call: HubCall,
  request: HubRequest,
): Promise<ApiReply> => {
  const { upload } = request
  if (upload === undefined) return passedReply(objects, call, request, undefined)
  const mostBytes = call.instance.element.passthrough?.mostBytes ?? 0
  const body = await upload(mostBytes, { asIs: true })
  try {
    return await passedReply(objects, call, request, body)
  } finally {
    await body.file.close()
  }
}
