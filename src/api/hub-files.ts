import { AppError } from '#src/lib/errors.ts'
import type { HubCall, Objects, PassedRequest } from '#src/services/index.ts'
import { type ApiReply, headerText, refuseMediaType, type Upload, wrongVerb } from './http/index.ts'
import type { HubRequest } from './hub.ts'

type Resource = ReturnType<Objects['resource']>
type Address = {
  readonly id: string
  readonly owner?: string
  readonly given?: Readonly<Record<string, string>>
}

/** The segment under which the vendor's own addresses are called. */
export const passthroughName = 'passthrough'

const mostPassedBytes = 64 * 1024 * 1024

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
): Promise<Result> => {
  const { upload } = request
  if (upload === undefined) throw noFile(request)
  const read = await upload(mostBytes)
  try {
    return await run(read)
  } finally {
    await read.file.close()
  }
}

const rowReply = ({ row, notice }: { row: unknown; notice?: string }): ApiReply => ({
  body: row,
  headers: notice === undefined ? {} : { 'elements-error': headerText(notice, 4_000) },
})

/** `GET`, `POST` or `PUT /{resource}/{id}/{content}`; undefined: the resource has no such content. */
export const contentCall = (
  objects: Objects,
  resource: Resource,
  { segments }: HubRequest,
): ((call: HubCall, request: HubRequest, address: Address) => Promise<ApiReply>) | undefined => {
  const content = objects.content(resource, segments[2] ?? '')
  if (content === undefined) return undefined
  const possible = [...(content.read ? ['GET'] : []), ...(content.write ? ['POST', 'PUT'] : [])]
  return async (call, request, address) => {
    if (!possible.includes(request.method))
      throw wrongVerb(request.method, `/${segments.join('/')}`, possible)
    if (request.method === 'GET') {
      const { spool, contentType } = await objects.readContent(call, resource, address, content)
      return { file: { spool, contentType } }
    }
    return withUpload(request, content.mostBytes, async (body) =>
      rowReply(await objects.writeContent(call, resource, address, content, body)),
    )
  }
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
  return withUpload(request, upload.mostBytes, async (body) => {
    const named = (resource.address ?? []).flatMap(({ name }): [string, string][] => {
      const value = body.fields[name]
      return value === undefined ? [] : [[name, value]]
    })
    return rowReply(
      await objects.createByUpload(call, resource, { ...Object.fromEntries(named), ...given }, body),
    )
  })
}

const principals = ['user', 'company'] as const

const principalIn = ({ headers }: HubRequest): PassedRequest['principal'] => {
  const named = headers['elements-principal']?.toString().trim().toLowerCase()
  if (named === undefined || named === '') return undefined
  const found = principals.find((principal) => principal === named)
  if (found !== undefined) return found
  throw new AppError('bad-request', `Elements-Principal: ${principals.join(' or ')}.`)
}

/** What of the caller's headers goes on: what describes the request, and what the element lets pass. */
const passedHeaders = (call: HubCall, { headers }: HubRequest): Record<string, string> =>
  Object.fromEntries(
    ['accept', ...(call.instance.element.vendor.passedHeaders ?? [])].flatMap((name): [string, string][] => {
      const value = headers[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** `/passthrough/{the vendor's path}`: signed and handed on, and the reply handed back as it is. */
export const passthroughCall = async (
  objects: Objects,
  call: HubCall,
  request: HubRequest,
): Promise<ApiReply> => {
  const { method, path, query } = request
  const at = path.indexOf(`/${passthroughName}/`)
  if (at === -1 || !methods.has(method))
    throw new AppError('not-found', "No path found: write the vendor's own path after /passthrough.")
  const passed = {
    method: method as PassedRequest['method'],
    path: path.slice(at + passthroughName.length + 1),
    query: [...query],
    headers: passedHeaders(call, request),
    ...optional('principal', principalIn(request)),
  }
  const reply =
    method === 'GET'
      ? await objects.passThrough(call, passed)
      : await withUpload(request, mostPassedBytes, ({ file, contentType }) =>
          objects.passThrough(call, { ...passed, body: { file, contentType } }),
        )
  const { status, headers, spool, contentType } = reply
  if (spool.bytes() > 0) return { status, headers, file: { spool, contentType } }
  await spool.close()
  return { status, headers }
}

const optional = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> => (value === undefined ? {} : ({ [name]: value } as Record<Name, Value>))
