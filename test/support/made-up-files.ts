import type { Answer, Seen } from './made-up-vendor.ts'

/** A file as the vendor keeps it. */
interface Kept {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
  /** Texts that came before it in its form, in their order. */
  readonly texts: readonly (readonly [name: string, text: string])[]
}

/** The files of the made-up vendor: put in by a form or as they are, given as they are. */
export const madeUpFiles = () => {
  const kept = new Map<string, Kept>()

  const about = (id: string, { name, type, bytes, texts }: Kept) => ({
    ...{ id, name, type, size: bytes.length, texts },
  })

  const takeForm = async ({ bytes, headers }: Seen): Promise<Answer> => {
    const type = headers['content-type'] ?? ''
    if (!type.startsWith('multipart/form-data')) return [415, { error: { message: `no form: ${type}` } }]
    const parts = [
      ...(await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()),
    ]
    const at = parts.findIndex(([name, part]) => name === 'upload' && typeof part !== 'string')
    const part = parts[at]?.[1]
    if (part === undefined || typeof part === 'string')
      return [400, { error: { message: 'there is no upload' } }]
    const texts = parts.slice(0, at).map(([name, text]): [string, string] => [name, String(text)])
    if (texts.some(([, text]) => text === 'closed'))
      return [422, { error: { message: 'the folder is closed' } }]
    const id = `f${kept.size + 1}`
    const one = { name: part.name, type: part.type, bytes: Buffer.from(await part.arrayBuffer()), texts }
    kept.set(id, one)
    return [201, { file: about(id, one) }]
  }

  const give = ({ name, type, bytes }: Kept): Answer => [
    200,
    bytes,
    {
      'content-type': type,
      'content-disposition': `attachment; filename="${name.replace(/[^ -~]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  ]

  const answer = (request: Seen): Answer | Promise<Answer> => {
    const { method, path, headers, bytes } = request
    const [id, part] = path.split('/').slice(3)
    if (id === undefined)
      return method === 'POST'
        ? takeForm(request)
        : [200, { files: [...kept].map(([one, file]) => about(one, file)) }]
    const found = kept.get(id)
    if (found === undefined) return [404, { error: { message: 'no such file' } }]
    if (method === 'PUT') {
      const next = { ...found, bytes, type: headers['content-type'] ?? 'none' }
      kept.set(id, next)
      return [200, { file: about(id, next) }]
    }
    return part === 'bytes' ? give(found) : [200, { file: about(id, found) }]
  }
  return { answer }
}
