import { Input, Stack } from '@mantine/core'
import { useId } from 'react'

const fewestLines = 6

/** A text of code, its lines numbered; Tab leaves it, as people who have no mouse expect. */
export const CodeField = ({
  label,
  description,
  value,
  onChange,
}: {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const id = useId()
  const lines = Math.max(value.split('\n').length, fewestLines)
  return (
    <Stack gap={4}>
      <Input.Label htmlFor={id}>{label}</Input.Label>
      {description === undefined ? null : (
        <Input.Description id={`${id}-about`}>{description}</Input.Description>
      )}
      <div className="code-field">
        <div className="code-lines" aria-hidden>
          {Array.from({ length: lines }, (_line, at) => at + 1).join('\n')}
        </div>
        <textarea
          id={id}
          rows={lines}
          wrap="off"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          {...(description === undefined ? {} : { 'aria-describedby': `${id}-about` })}
        />
      </div>
    </Stack>
  )
}
