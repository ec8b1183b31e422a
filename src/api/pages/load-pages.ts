import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

/** One file of the page, in every form that it is sent in. */
export interface PageFile {
  readonly type: string
  readonly etag: string
  readonly plain: Buffer
  readonly gzip: Buffer | undefined
  readonly brotli: Buffer | undefined
}

/** The built page, in memory: the document, and its files by path. */
export interface Pages {
  /** The document as text; `{{nonce}}` stands where each answer's own nonce goes. */
  readonly document: string
  readonly files: ReadonlyMap<string, PageFile>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript;charset=UTF-8',
  '.css': 'text/css;charset=UTF-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain;charset=UTF-8',
}

/**
 * Reads the page that the build made; undefined where there is none, say in a checkout that was not built.
 * Files end in `.br` and `.gz` beside the file that they are made from.
 */
export const loadPages = async (folder: string): Promise<Pages | undefined> => {
  let names: readonly string[]
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const contents = new Map(
    await Promise.all(
      names.map(
        async (name) => [`/${relative(folder, name).split(sep).join('/')}`, await readFile(name)] as const,
      ),
    ),
  )
  const document = contents.get('/index.html')?.toString('utf8')
  if (document === undefined) return undefined
  const files = new Map<string, PageFile>()
  for (const [path, plain] of contents) {
    const type = types[extname(path)]
    if (type === undefined) continue
    files.set(path, {
      type,
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      plain,
      gzip: contents.get(`${path}.gz`),
      brotli: contents.get(`${path}.br`),
    })
  }
  return { document, files }
}
