/** Edits (insert, delete, replace) between two texts, without regard to case. */
const distance = (left: string, right: string): number => {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The names most like a mistyped one, best first; at most `count`. Text past 64 characters is not compared. */
export const nearestNames = (typed: string, names: Iterable<string>, count = 3): readonly string[] => {
  const short = typed.slice(0, 64)
  return [...names]
    .map((name) => ({ name, far: distance(short, name.slice(0, 64)) }))
    .sort((one, two) => one.far - two.far || (one.name < two.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}
