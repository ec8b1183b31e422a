import { type Goal, table } from '../goal.ts'
import type { EventFindings, PollFindings } from './events.ts'
import type { DeliveryFindings, Rate } from './measure-deliveries.ts'

const count = (value: number): string => Math.round(value).toLocaleString('en')

const pollGoals = ({ polled, pollers, everySeconds, vendorCalls }: PollFindings): readonly Goal[] => [
  { what: 'schedule lag of polls, p99', is: polled.lagMs.p99 / 1_000, limit: 1, unit: 's' },
  {
    what: 'polls that were due and were made',
    is: polled.polls / ((pollers * polled.seconds) / everySeconds),
    limit: 0.97,
    lowest: true,
    unit: '',
  },
  { what: 'vendor calls a poll', is: vendorCalls / polled.polls, limit: 1.01, unit: '' },
  { what: 'polls that failed', is: polled.broken + polled.failing, limit: 0, unit: '' },
]

const deliveryGoals = ({
  allToLoop,
  oneHangingToOne,
  allHangingToAll,
}: DeliveryFindings): readonly Goal[] => [
  {
    what: 'durable deliveries, a process a core: rate',
    is: allToLoop,
    limit: 0.4,
    lowest: true,
    unit: 'x bare signed loop',
  },
  {
    what: 'one process beside a receiver that hangs',
    is: oneHangingToOne,
    limit: 0.95,
    lowest: true,
    unit: 'x without it',
  },
  {
    what: 'a process a core beside one',
    is: allHangingToAll,
    limit: 0.95,
    lowest: true,
    unit: 'x without it',
  },
]

/** What a run must keep to (issue "Events: every change in Concur, delivered"). */
export const eventGoals = ({ polls, deliveries }: EventFindings): readonly Goal[] => [
  ...(deliveries === undefined ? [] : deliveryGoals(deliveries)),
  ...(polls === undefined ? [] : pollGoals(polls)),
]

const pollTable = ({ polled, cpu, ...polls }: PollFindings): string => {
  const { p50, p99, max } = polled.lagMs
  const rows = [
    ['polls a second', (polled.polls / polled.seconds).toFixed(0)],
    ['schedule lag: p50, p99, longest', `${p50.toFixed(0)} ms, ${p99.toFixed(0)} ms, ${max.toFixed(0)} ms`],
    [
      'CPU µs a poll: product, database, vendor',
      `${count(cpu.product)}, ${count(cpu.database)}, ${count(cpu.vendor)}`,
    ],
    ['vendor calls a poll', (polls.vendorCalls / polled.polls).toFixed(2)],
    ['SQL statements a poll', (polled.statements / polled.polls).toFixed(3)],
    ['resident memory of the product', `${count(polls.memoryMb)} MB`],
  ]
  return `### Polls

${count(polls.pollers)} instances, each with one poller at ${polls.everySeconds} s and an unchanged answer of one report (1 KB),
for ${polled.seconds.toFixed(0)} s, after each was polled once. Product, database and vendor share the cores.

${table(['', ''], rows)}`
}

const deliveryTable = ({ loop, byOne, byAll, ...how }: DeliveryFindings): string => {
  const row = (what: string, { perSecond, cpu }: Rate, ratio: string): readonly string[] => [
    ...[what, count(perSecond), ratio, count(cpu.sender), count(cpu.database)],
  ]
  const beside = 'the same beside a receiver that hangs'
  const rows = [
    row('bare signed loop', loop, '1.00'),
    row('durable deliveries, one process', byOne, how.oneToLoop.toFixed(2)),
    row(beside, how.oneBesideHanging, ''),
    row(`durable deliveries, ${how.processes} processes`, byAll, how.allToLoop.toFixed(2)),
    row(beside, how.allBesideHanging, ''),
  ]
  return `### Deliveries

${how.rounds} rounds of ${count(how.perRound)} stored deliveries (${count(how.bodyBytes)} bytes, two signatures) to one receiver (${how.receiver}), beside a
loop that signs and posts the same body, 64 at once, and stores nothing. A receiver that hangs, new each time, has a tenth as many,
due before. Each is measured twice a round, without what hangs before and after with it. Medians, ratios of the rates of a round. ${how.statements.toFixed(3)} SQL statements a delivery.

${table(['', 'a second', 'x bare loop', 'CPU µs: sender', 'CPU µs: database'], rows)}`
}

/** The findings of polls and deliveries as Markdown. */
export const eventTables = ({ polls, deliveries }: EventFindings): readonly string[] => [
  ...(deliveries === undefined ? [] : [deliveryTable(deliveries)]),
  ...(polls === undefined ? [] : [pollTable(polls)]),
]
