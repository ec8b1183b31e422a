import { readFileSync } from 'node:fs'

/** How the product's own script starts Node, so that all that is measured is started so. */
export interface HowStarted {
  readonly flags: readonly string[]
  /** UV_THREADPOOL_SIZE. */
  readonly threads: string
}

/** @throws Error when the script does not say it in the words that are looked for. */
export const howStarted = (): HowStarted => {
  const script = readFileSync('scripts/amalgam.sh', 'utf8')
  const [, flags] = /^exec node ((?:--\S+ )+)/m.exec(script) ?? []
  const [, threads] = /UV_THREADPOOL_SIZE:-(\d+)/.exec(script) ?? []
  if (flags === undefined || threads === undefined)
    throw new Error('scripts/amalgam.sh does not say how Node is started')
  return { flags: flags.trim().split(' '), threads }
}
