const numberOf = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined || text === '' ? undefined : Number(text)
}

/** Without `npm run proof`, for a file run by itself, only this part of the counts runs, always the same cases. */
const smallScale = 0.001
const smallSeed = 1

/** One run of a proof: what `npm run proof` asks for, or a small part of it. */
export interface ProofRun {
  readonly seed: number
  /** That part of a full count, at least 1. */
  readonly share: (fullCount: number) => number
  /** What a test may take, in milliseconds: an hour for the full counts. */
  readonly timeoutMs: number
  /** One line of the result. */
  readonly say: (line: string) => void
  /** An error that holds the failing cases and the command that repeats them. */
  readonly failure: (failures: readonly string[]) => Error
}

/** Reads AMALGAM_PROOF_SCALE and AMALGAM_PROOF_SEED, which `npm run proof` sets. */
export const proofRun = (name: string): ProofRun => {
  const scale = numberOf('AMALGAM_PROOF_SCALE') ?? smallScale
  const seed = numberOf('AMALGAM_PROOF_SEED') ?? smallSeed
  const command = `npm run proof ${name} -- --scale ${scale} --seed ${seed}`
  return {
    seed,
    share: (fullCount) => Math.max(1, Math.round(fullCount * scale)),
    timeoutMs: Math.max(120_000, 3_600_000 * scale),
    say: (line) => process.stdout.write(`proof ${name}: ${line} (seed ${seed})\n`),
    failure: (failures) =>
      new Error(`${failures.slice(0, 5).join('\n')}\n${failures.length} failed. Again: ${command}`),
  }
}

/** Counts by name, printed largest first. */
export const createTally = () => {
  const counts = new Map<string, number>()
  return {
    add: (name: string | number): void => {
      counts.set(String(name), (counts.get(String(name)) ?? 0) + 1)
    },
    of: (name: string | number): number => counts.get(String(name)) ?? 0,
    text: (): string =>
      [...counts]
        .sort((left, right) => right[1] - left[1])
        .map(([name, count]) => `${name}: ${count.toLocaleString('en')}`)
        .join(', '),
  }
}

/** Runs the cases `from` up to `count`, so many at once; a rejection ends it. */
export const inParallel = async (
  count: number,
  lanes: number,
  run: (number: number, lane: number) => Promise<void>,
): Promise<void> => {
  let next = 0
  const lane = async (index: number): Promise<void> => {
    while (next < count) {
      const number = next
      next += 1
      await run(number, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, (_, index) => lane(index)))
}
