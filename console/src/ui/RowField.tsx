/** A row as a text that may be changed; it scrolls by itself. */
export const RowField = ({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) => (
  <textarea
    className="code tall row-field"
    aria-label={label}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    rows={18}
    autoCapitalize="none"
    autoComplete="off"
    spellCheck={false}
  />
)
