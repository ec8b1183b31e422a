import type { AskS3 } from './calls.ts'
import type { BegunUpload } from './put.ts'
import { blocksOf, textOf, textsOf } from './xml.ts'

/** What lies below a prefix. */
export interface Listed {
  readonly key: string
  readonly at: Date
}

interface Page {
  readonly keys: readonly Listed[]
  /** Right below the prefix, each ended by `/`. */
  readonly folders: readonly string[]
}

const foldersIn = (xml: string): readonly string[] =>
  blocksOf(xml, 'CommonPrefixes').flatMap((block) => textsOf(block, 'Prefix'))

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  value === undefined ? {} : { [name]: value }

/** Objects below a prefix; with a delimiter those right below it, and folders. */
export async function* objectsBelow(ask: AskS3, prefix: string, delimiter?: string): AsyncGenerator<Page> {
  for (let token: string | undefined; ; ) {
    const query = { 'list-type': '2', prefix, ...optional('delimiter', delimiter) }
    const reply = await ask({
      ...{ method: 'GET', key: '' },
      query: { ...query, ...optional('continuation-token', token) },
    })
    const xml = reply.body.toString('utf8')
    const keys = blocksOf(xml, 'Contents').map((block) => ({
      key: textOf(block, 'Key') ?? '',
      at: new Date(textOf(block, 'LastModified') ?? 0),
    }))
    yield { keys, folders: foldersIn(xml) }
    token = textOf(xml, 'NextContinuationToken')
    if (token === undefined || textOf(xml, 'IsTruncated') !== 'true') return
  }
}

/** Uploads of parts that were begun below a prefix and neither completed nor given up: a process was cut off. */
export async function* uploadsBelow(ask: AskS3, prefix: string): AsyncGenerator<BegunUpload & Listed> {
  for (let [key, id]: readonly (string | undefined)[] = []; ; ) {
    const more = { ...optional('key-marker', key), ...optional('upload-id-marker', id) }
    const reply = await ask({
      ...{ method: 'GET', key: '', query: { uploads: '', prefix, ...more } },
      // Some stores have no such list, and forget such parts by themselves.
      takes: [405, 501],
    })
    if (reply.status >= 300) return
    const xml = reply.body.toString('utf8')
    for (const block of blocksOf(xml, 'Upload'))
      yield {
        key: textOf(block, 'Key') ?? '',
        uploadId: textOf(block, 'UploadId') ?? '',
        at: new Date(textOf(block, 'Initiated') ?? 0),
      }
    if (textOf(xml, 'IsTruncated') !== 'true') return
    key = textOf(xml, 'NextKeyMarker')
    id = textOf(xml, 'NextUploadIdMarker')
    if (key === undefined) return
  }
}
