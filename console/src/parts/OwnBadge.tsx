import { Badge } from '@mantine/core'
import { useSignedIn } from '../api/session.ts'
import type { Metadata } from '../api/shapes.ts'

/** Whether an element was posted, and by whose account; nothing for those that everybody has. */
export const OwnBadge = ({ element: { posted } }: { readonly element: Metadata }) => {
  const { accountId } = useSignedIn()
  if (posted === undefined) return null
  return (
    <Badge color="gray.8" variant="filled" tt="none" data-own={posted.accountId === accountId}>
      {posted.accountId === accountId ? 'your own' : "another account's"}
    </Badge>
  )
}
