import { type FlagList, readFlags } from '../parts/flags.ts'
import { runProgram } from '../parts/program.ts'
import { type SandboxOptions, startSandbox } from './server.ts'

const flags: FlagList = {
  usage: 'usage: sandbox [--port 8082] [--contacts 2000] [--state FILE] [--token-seconds 1800]',
  numbers: {
    '--port': ['port', 0, 65_535],
    '--contacts': ['contacts', 0, 200_000],
    '--token-seconds': ['tokenSeconds', 1, 31_536_000],
  },
  port: 8082,
}

await runProgram('HubSpot sandbox', (args): SandboxOptions => readFlags(flags, args), startSandbox)
