/** For this long a renewal that did not help is remembered. */
const rememberMs = 300_000
/** So many useless renewals in that time are free; each further one must wait for a pause. */
const freely = 10
const pauseMs = 10_000
/** More than the pauses leave room for in that time. */
const mostRemembered = 64

/**
 * Remembers renewals that refusals caused and that did not cure them: it is a permission that is missing.
 * A target is not tried again with the token that it was tried with, nor with those that useless renewals
 * for other targets brought. Since a vendor may refuse an ended token in the same words, unknown targets
 * are tried, ten in five minutes and then one in ten seconds, so that no storm of refusals makes one of
 * renewals.
 * @param now milliseconds of any clock.
 */
export const createUselessRenewals = (now: () => number = Date.now) => {
  let renewals: readonly { readonly target: string; readonly atMs: number }[] = []
  let tokenVersion = Number.NaN
  const recent = () => renewals.filter(({ atMs }) => now() - atMs < rememberMs)

  return {
    /** A new token, `version`, was refused for `target` too. */
    add: (target: string, version: number): void => {
      renewals = [...recent(), { target, atMs: now() }].slice(-mostRemembered)
      tokenVersion = version
    },
    /** Whether the token of `version`, refused for `target`, may be renewed because of it. */
    mayTry: (target: string, version: number): boolean => {
      const known = recent()
      if (version === tokenVersion && known.some((one) => one.target === target)) return false
      const last = known.at(-1)
      return known.length < freely || last === undefined || now() - last.atMs >= pauseMs
    },
  }
}
