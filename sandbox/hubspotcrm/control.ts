import { htmlPage } from '../parts/html.ts'
import type { Calls } from './calls.ts'
import { invalid } from './errors.ts'
import { knownFaults, readFaults } from './faults.ts'
import { type Ask, type Operation, objectIn, type Reply, type Sandbox } from './operation.ts'

/** The sandbox's own addresses, for tests and people; the vendor has nothing like them. */

const moveClock = ({ state, clock }: Sandbox, ask: Ask): Reply => {
  const seconds = objectIn(ask)['addSeconds']
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) throw invalid('addSeconds: a whole number')
  state.happened({ kind: 'clock', addSeconds: seconds })
  clock.move(seconds)
  return {
    status: 200,
    body: { now: new Date(clock.now()).toISOString(), offsetSeconds: clock.offsetSeconds() },
  }
}

const putFaults = ({ state }: Sandbox, { body }: Ask): Reply => {
  const faults = readFaults(JSON.parse(body))
  if (faults === undefined) throw invalid(`fault: one of ${Object.keys(knownFaults).join(', ')}`)
  state.happened({ kind: 'faults', faults })
  return { status: 200, body: faults }
}

const page = (): Reply => ({
  status: 200,
  html: htmlPage(
    'HubSpot sandbox',
    `<h1>HubSpot sandbox</h1>
<p>It stands for one HubSpot account: contacts and companies, OAuth, the search. Log in as <code>admin@crm.example</code> with <code>sandbox</code>.</p>
<h2>Faults, by <code>PUT /sandbox/faults</code></h2>
<table>${Object.entries(knownFaults)
      .map(([name, does]) => `<tr><td><code>${name}</code></td><td>${does}</td></tr>`)
      .join('')}</table>
<p><code>GET /sandbox/calls</code> counts, <code>POST /sandbox/clock</code> <code>{"addSeconds"}</code> moves the time, <code>POST /sandbox/revoke</code> ends all tokens.</p>`,
    false,
  ),
})

export const controlOperations = (calls: Calls): readonly Operation[] => {
  const access = 'page'
  return [
    { name: 'page', method: 'GET', path: '/', access, run: page },
    { name: 'faults.put', method: 'PUT', path: '/sandbox/faults', access, run: putFaults },
    {
      ...{ name: 'faults.delete', method: 'DELETE', path: '/sandbox/faults', access },
      run: ({ state }) => {
        state.happened({ kind: 'faults', faults: [] })
        return { status: 200, body: [] }
      },
    },
    { name: 'clock', method: 'POST', path: '/sandbox/clock', access, run: moveClock },
    {
      ...{ name: 'revoke', method: 'POST', path: '/sandbox/revoke', access },
      run: ({ state }) => {
        state.happened({ kind: 'revoked' })
        return { status: 200, body: {} }
      },
    },
    {
      ...{ name: 'calls.get', method: 'GET', path: '/sandbox/calls', access },
      run: () => ({ status: 200, body: calls.list() }),
    },
    {
      ...{ name: 'calls.delete', method: 'DELETE', path: '/sandbox/calls', access },
      run: () => {
        calls.clear()
        return { status: 200, body: calls.list() }
      },
    },
  ]
}
