import { AppError } from '#src/lib/errors.ts'

/** @throws AppError `bad-request`. */
export const refuseBackwards = (from: Date | undefined, to: Date | undefined): void => {
  if (from === undefined || to === undefined || from.getTime() <= to.getTime()) return
  throw new AppError('bad-request', 'to: it is before `from`. Send the earlier time as `from`.')
}
