// `npm run bench`: the product beside the yardsticks. scripts/bench.mjs builds and starts it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BulkPace, measureBulk } from './bulk/bulk.ts'
import { countCalls, type PerCall, productMb } from './count.ts'
import { type CsvPace, measureCsv } from './csv/csv.ts'
import { type EventPart, type EventsPace, measureEvents } from './events/events.ts'
import { isKept } from './goal.ts'
import { measure, type Pace } from './measure.ts'
import { type Findings, goalsOf, printFindings } from './report.ts'
import { measureScripts, type ScriptFindings } from './scripts.ts'
import { measureStartUp } from './start-up.ts'
import { type Field, openField, type PathName, pathNames } from './targets.ts'

type Part = PathName | 'scripts' | 'start' | EventPart | 'csv' | 'bulk'

interface Choice {
  readonly parts: readonly Part[]
  readonly pace: Pace
  readonly events: EventsPace
  readonly csv: CsvPace
  readonly bulk: BulkPace
  readonly check: boolean
}

const allParts: readonly Part[] = [...pathNames, 'scripts', 'start', 'deliveries', 'polls', 'csv', 'bulk']
/** `events` is both of them. */
const eventParts: readonly EventPart[] = ['deliveries', 'polls']
const usual: Pace = { rounds: 5, seconds: 3 }
const usualPollers = 30_000
const bulkRows = 1_000_000
const everySeconds = 60
const usage =
  'Use: npm run bench [one] [page] [mapped] [scripted] [scripted-whole] [scripts] [start] [events | deliveries | polls] [csv] [bulk] -- [--check] [--rounds 5] [--seconds 3] [--pollers 30000] [--scale 1]. Without a name: all parts.'
const resultFile = join(import.meta.dirname, '..', '..', '..', 'docs', 'benchmarks.md')
const mark = '<!-- Below this line `npm run bench` writes. -->\n'

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const number = (name: string, text: string | undefined, fallback: number, most: number): number => {
  const value = Number(text ?? fallback)
  if (value > 0 && value <= most) return value
  throw new Error(`--${name}: a number above 0, at most ${most}. ${usage}`)
}

const partsNamed = (name: string): readonly Part[] =>
  name === 'events' ? eventParts : allParts.filter((part) => part === name)

/** @throws Error that says what is wrong with the command line. */
const readChoice = (args: readonly string[]): Choice => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      check: { type: 'boolean' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      pollers: { type: 'string' },
      scale: { type: 'string' },
    },
  })
  const parts = positionals.flatMap(partsNamed)
  const unknown = positionals.find((name) => partsNamed(name).length === 0)
  if (unknown !== undefined) throw new Error(`There is no part '${unknown}'. ${usage}`)
  const pace = {
    rounds: Math.ceil(number('rounds', values.rounds, usual.rounds, 50)),
    seconds: number('seconds', values.seconds, usual.seconds, 60),
  }
  return {
    parts: parts.length === 0 ? allParts : parts,
    pace,
    events: {
      pollers: Math.ceil(number('pollers', values.pollers, usualPollers, 1_000_000)),
      everySeconds,
      rounds: pace.rounds,
      // Longer than the other parts: a poller comes once in its interval.
      seconds: pace.seconds * 20,
      deliveries: Math.ceil(pace.seconds * 10_000),
    },
    csv: {
      rows: Math.min(1_000_000, Math.ceil(pace.seconds * 334_000)),
      // A round takes csv-parse a quarter of a minute.
      rounds: Math.min(3, pace.rounds),
    },
    bulk: { rows: Math.ceil(bulkRows * number('scale', values.scale, 1, 5)) },
    check: values.check === true,
  }
}

/** What a mapped page is told beside: the honest floor does as much; the others do less. */
const targetsFor = ({ targets }: Field, path: PathName): Field['targets'] =>
  path === 'one' || path === 'page'
    ? targets
    : targets.filter(({ name }) => name === 'honest floor' || name === 'Amalgam')

/** The hub calls, all in one set of processes. */
const runPaths = async (
  paths: readonly PathName[],
  besideScripts: boolean,
  pace: Pace,
): Promise<Pick<Findings, 'paths' | 'counts' | 'memory' | 'vendor' | 'scripts'>> => {
  const field: Field = await openField()
  try {
    const beforeMb = productMb(field)
    const found = []
    const counts: PerCall[] = []
    for (const path of paths) {
      const targets = targetsFor(field, path)
      say(`Measuring ${path}: ${pace.rounds} rounds of ${pace.seconds} s on ${targets.length} programs`)
      found.push({ path, results: await measure(field.load, targets, path, pace) })
      counts.push(await countCalls(field, path))
    }
    const memory = { beforeMb, afterMb: productMb(field) }
    if (besideScripts) say(`Measuring calls beside hostile scripts: ${pace.rounds} rounds`)
    const scripts: ScriptFindings | undefined = besideScripts ? await measureScripts(field, pace) : undefined
    const all = { paths: found, counts, memory, vendor: field.vendor }
    return scripts === undefined ? all : { ...all, scripts }
  } finally {
    await field.close()
  }
}

/** Keeps what people wrote above the mark. */
const write = async (text: string): Promise<void> => {
  const [words = ''] = (await readFile(resultFile, 'utf8')).split(mark)
  await writeFile(resultFile, `${words}${mark}\n${text}\n`)
}

const run = async (args: readonly string[]): Promise<void> => {
  if (process.platform !== 'linux')
    throw new Error('The benchmark reads CPU times from /proc: it needs Linux.')
  const { parts, pace, events, csv, bulk, check } = readChoice(args)
  const paths = pathNames.filter((part) => parts.includes(part))
  const besideScripts = parts.includes('scripts')
  const wanted = eventParts.filter((part) => parts.includes(part))
  const startUp = parts.includes('start') ? await measureStartUp() : undefined
  const found: Findings = {
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
    pace,
    ...(paths.length === 0 && !besideScripts
      ? { paths: [], counts: [] }
      : await runPaths(paths, besideScripts, pace)),
    ...(startUp === undefined ? {} : { startUp }),
    ...(wanted.length === 0 ? {} : { events: await measureEvents(wanted, events, say) }),
    ...(parts.includes('csv') ? { csv: await measureCsv(csv, say) } : {}),
    ...(parts.includes('bulk') ? { bulk: await measureBulk(bulk, say) } : {}),
  }
  const text = printFindings(found)
  say(`\n${text}\n`)
  const whole =
    parts.length === allParts.length &&
    pace.rounds >= usual.rounds &&
    pace.seconds >= usual.seconds &&
    events.pollers === usualPollers &&
    bulk.rows === bulkRows
  if (whole) await write(text)
  say(whole ? 'Written to docs/benchmarks.md.' : 'A part or a short run: docs/benchmarks.md stays as it is.')
  const missed = goalsOf(found).filter((goal) => !isKept(goal))
  if (check && missed.length > 0) process.exitCode = 1
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
