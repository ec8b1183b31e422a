import { randomUUID } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode, StartError } from '#src/lib/start-error.ts'

/**
 * One folder after the other, from the first that is there: Node's own `recursive` never ends where a file
 * system answers ENOENT although the parent is there, as proc(5) does.
 */
const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path))
      await mkdir(path)
      return
    }
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isThere) throw error
  }
}

/**
 * Makes the data folder (an absolute path) where it is absent.
 * @throws StartError when this user may not, or a file is in the way.
 */
export const makeDataDir = async (path: string): Promise<void> => {
  try {
    await makeFolder(path)
  } catch (error) {
    throw new StartError(
      `DATA_DIR: cannot make ${path}: ${error instanceof Error ? error.message : 'unknown'}. Set DATA_DIR to a folder that this user may write.`,
    )
  }
}

/**
 * What tells this data folder from others, made with the first process that uses it: processes on one database must
 * share it, for the files of bulk jobs lie there.
 */
export const readFilesId = async (dataDir: string): Promise<string> => {
  const path = join(dataDir, 'files.id')
  // Of several processes that begin at once one writes, and all read what it wrote.
  await writeFile(path, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
  return (await readFile(path, 'utf8')).trim()
}
