const two = (value: number): string => String(value).padStart(2, '0')

const utc = (date: Date, exact: boolean): string =>
  date
    .toISOString()
    .slice(0, exact ? 19 : 16)
    .replace('T', ' ')

const local = (date: Date, exact: boolean): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}${exact ? `:${two(date.getSeconds())}` : ''}`

/** A time in UTC, and in the person's own zone where that is another; to the second where it is `exact`. */
export const When = ({ at, exact = false }: { readonly at: string; readonly exact?: boolean }) => {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <span>{at}</span>
  const here = local(date, exact)
  const there = utc(date, exact)
  return (
    <time dateTime={at}>
      {there} UTC{here === there ? '' : ` (here ${here})`}
    </time>
  )
}
