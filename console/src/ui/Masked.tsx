import { VisuallyHidden } from '@mantine/core'

/** Where a secret would stand. */
export const Masked = () => (
  <>
    <span aria-hidden>{'•'.repeat(12)}</span>
    <VisuallyHidden>hidden</VisuallyHidden>
  </>
)
