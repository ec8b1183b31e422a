import { expect, it } from 'vitest'
import { sandboxCount } from '#elements/index.ts'
import { readConfig } from './config.ts'
import { sandboxPorts, sandboxUrls } from './sandbox-places.ts'

const portsOf = (environment: Record<string, string>) => sandboxPorts(readConfig(environment)).slice(0, 2)

it.each<[Record<string, string>, readonly number[]]>([
  [{}, [8081, 8082]],
  [{ SANDBOX_PORT: '9000' }, [9000, 9001]],
  [{ SANDBOX_PORT: '9000, 9100' }, [9000, 9100]],
  // The port of the API is not given away.
  [{ SANDBOX_PORT: '8079' }, [8079, 8081]],
  [{ SANDBOX: 'off' }, []],
  [{ SANDBOX: 'first' }, [8081]],
])('the sandboxes of %j listen one after the other', (environment, ports) => {
  expect(portsOf(environment)).toEqual(ports)
  const all = sandboxPorts(readConfig(environment))
  expect(all).toHaveLength(ports.length < 2 ? ports.length : sandboxCount)
  expect(sandboxUrls(readConfig(environment))[0]).toBe(ports[0] && `http://127.0.0.1:${ports[0]}`)
})

it.each(['0', '70000', 'x', '9000,,x', ','])('SANDBOX_PORT=%s is refused', (SANDBOX_PORT) => {
  expect(() => readConfig({ SANDBOX_PORT })).toThrow(/^SANDBOX_PORT: allowed is a port/)
})
