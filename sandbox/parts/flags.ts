/** The flags of a sandbox program: whole numbers within bounds, and the state file. */
export interface FlagList {
  readonly usage: string
  /** Flag, option and bounds of each number. */
  readonly numbers: Readonly<Record<string, readonly [name: string, least: number, most: number]>>
  readonly port: number
}

/** Reads `--name value` and `--name=value`. Throws an Error that names the flag and what it takes. */
export const readFlags = (
  { usage, numbers, port }: FlagList,
  args: readonly string[],
): Record<string, string | number> => {
  const options: Record<string, string | number> = { port }
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
