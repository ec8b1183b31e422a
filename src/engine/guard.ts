import type { GuardedWrite, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { createPort } from './port.ts'
import type { WriteResult } from './rows.ts'

/** Words about a refusal; what fails on the way to them leaves the refusal as it is. */
const explained = async (words: () => Promise<string | undefined>): Promise<string | undefined> => {
  try {
    return await words()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** A write under the eyes of its resource's guard (`Resource.guard`); without one it goes as it is. */
export const guardOf = (
  need: EngineNeed,
  connection: Connection,
  { guard }: Resource,
  write: GuardedWrite,
) => ({
  /** Whether it will look at the row that is read back. */
  looks: (): boolean => guard !== undefined && guard.looksAt?.(write) !== false,
  /** Sends the write. @throws AppError `bad-request` in the guard's words where the vendor refuses the body. */
  sent: async <Made>(send: () => Promise<Made>): Promise<Made> => {
    try {
      return await send()
    } catch (error) {
      if (guard === undefined || !(error instanceof AppError) || error.code !== 'provider-refused')
        throw error
      const words = await explained(() => guard.refused(createPort(need, connection), write))
      if (words === undefined) throw error
      throw new AppError('bad-request', words, { ...error.details, hop: 'provider' }, { cause: error })
    }
  },
  /** What came of it. @throws AppError `bad-request` in the guard's words where a part did not take. */
  checked: async (made: WriteResult, id: string, created: boolean): Promise<WriteResult> => {
    if (guard === undefined || made.unread !== undefined) return made
    const port = createPort(need, connection)
    let words: string | undefined
    try {
      words = await guard.written(port, { ...write, id, row: made.row, created })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // It is written: told as a failure, it would be sent again.
      return { ...made, unread: `written, but not looked at: ${error.message}` }
    }
    if (words === undefined) return made
    throw new AppError('bad-request', words, { hop: 'provider' })
  },
})
