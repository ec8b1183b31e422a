import { useBlocker } from '@tanstack/react-router'

/** Asks before a page is left whose changes are not saved. */
export const useLeaveQuestion = (isTouched: boolean): void => {
  useBlocker({
    shouldBlockFn: () =>
      !window.confirm('The changes of this mapping are not saved. Leave the page, and lose them?'),
    disabled: !isTouched,
    enableBeforeUnload: isTouched,
  })
}
