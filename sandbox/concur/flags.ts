import type { SandboxOptions } from './server.ts'

const usage =
  'usage: sandbox [--port 8081] [--reports 10000] [--state FILE] [--token-seconds 3600] [--seed 4711]'

const numbers: Readonly<Record<string, readonly [name: string, least: number, most: number]>> = {
  '--port': ['port', 0, 65_535],
  '--reports': ['reports', 0, 5_000_000],
  '--token-seconds': ['tokenSeconds', 1, 31_536_000],
  '--seed': ['seed', 0, 0x7fff_ffff],
}

/** Reads `--name value` and `--name=value`. Throws an Error that names the flag and what it takes. */
export const readFlags = (args: readonly string[]): SandboxOptions => {
  const options: Record<string, string | number> = { port: 8081 }
  const words = args.flatMap((word) => {
    const mark = word.indexOf('=')
    return word.startsWith('--') && mark > 0 ? [word.slice(0, mark), word.slice(mark + 1)] : [word]
  })
  for (let at = 0; at < words.length; at += 2) {
    const flag = words[at] ?? ''
    const value = words[at + 1]
    const number = numbers[flag]
    if (flag !== '--state' && number === undefined) throw new Error(`unknown flag ${flag}; ${usage}`)
    if (value === undefined || value === '') throw new Error(`${flag} needs a value; ${usage}`)
    if (number === undefined) options['stateFile'] = value
    else {
      const [name, least, most] = number
      if (!/^\d{1,10}$/.test(value) || Number(value) < least || Number(value) > most) {
        throw new Error(`${flag}: use a whole number from ${String(least)} to ${String(most)}`)
      }
      options[name] = Number(value)
    }
  }
  return options
}
