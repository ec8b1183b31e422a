import { type FlagList, readFlags } from '../parts/flags.ts'
import type { SandboxOptions } from './server.ts'

const flags: FlagList = {
  usage: 'usage: sandbox [--port 8081] [--reports 10000] [--state FILE] [--token-seconds 3600] [--seed 4711]',
  numbers: {
    '--port': ['port', 0, 65_535],
    '--reports': ['reports', 0, 5_000_000],
    '--token-seconds': ['tokenSeconds', 1, 31_536_000],
    '--seed': ['seed', 0, 0x7fff_ffff],
  },
  port: 8081,
}

/** Reads the program's flags. Throws an Error that names the flag and what it takes. */
export const optionsIn = (args: readonly string[]): SandboxOptions => readFlags(flags, args)
