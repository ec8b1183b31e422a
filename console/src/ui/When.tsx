const two = (value: number): string => String(value).padStart(2, '0')

const utc = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ')

const local = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`

/** A time in UTC, and in the person's own zone where that is another. */
export const When = ({ at }: { readonly at: string }) => {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <span>{at}</span>
  const here = local(date)
  return (
    <time dateTime={at}>
      {utc(date)} UTC{here === utc(date) ? '' : ` (here ${here})`}
    </time>
  )
}
