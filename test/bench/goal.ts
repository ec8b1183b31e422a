/** A figure that has a limit, a highest unless it is a lowest. */
export interface Goal {
  readonly what: string
  readonly is: number
  readonly limit: number
  readonly lowest?: true
  readonly unit: string
}

export const isKept = ({ is, limit, lowest }: Goal): boolean => (lowest === true ? is >= limit : is <= limit)

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
