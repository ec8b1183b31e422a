import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

/**
 * The state file: one JSON line a change, written before the reply leaves, so that `kill -9` loses
 * nothing that a caller was told. Not flushed to the disk itself: power loss is not promised.
 */
export interface Journal<Event> {
  append(event: Event): void
  close(): void
}

/** Rewritten at start when it has grown by this many lines beyond what is still needed. */
const slackLines = 20_000

const readLines = (file: string): string[] => {
  if (!existsSync(file)) return []
  const bytes = readFileSync(file)
  const whole = bytes.lastIndexOf(0x0a) + 1
  // A kill in the middle of a write leaves half a line; its caller got no reply, so it never happened.
  if (whole < bytes.length) truncateSync(file, whole)
  return bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1)
}

const parseLine = <Event>(line: string, number: number, file: string): Event => {
  try {
    return JSON.parse(line) as Event
  } catch (cause) {
    throw new Error(
      `--state: line ${String(number)} of ${file} is no JSON; delete the file to start afresh`,
      {
        cause,
      },
    )
  }
}

/**
 * Opens (or makes) the file, gives every event in it to `apply` in order, and returns the journal.
 * `live` lists what a fresh file would need; it is asked only when the old one has much that is stale.
 */
export const openJournal = <Event>(
  file: string,
  apply: (event: Event) => void,
  live: () => readonly Event[],
): Journal<Event> => {
  const lines = readLines(file)
  lines.forEach((line, index) => {
    apply(parseLine<Event>(line, index + 1, file))
  })
  if (lines.length > slackLines) {
    const events = live()
    if (lines.length - events.length > slackLines) {
      const fresh = `${file}.new`
      writeFileSync(fresh, events.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: 0o600 })
      renameSync(fresh, file)
    }
  }
  const handle = openSync(file, 'a', 0o600)
  let size = statSync(file).size
  return {
    append: (event) => {
      const bytes = Buffer.from(`${JSON.stringify(event)}\n`)
      try {
        let done = 0
        while (done < bytes.length) done += writeSync(handle, bytes, done)
      } catch (cause) {
        ftruncateSync(handle, size)
        throw cause
      }
      size += bytes.length
    },
    close: () => {
      closeSync(handle)
    },
  }
}

/** Without a state file everything is gone when the program ends. */
export const noJournal = <Event>(): Journal<Event> => ({ append: () => undefined, close: () => undefined })
