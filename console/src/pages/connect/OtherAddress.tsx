import { Alert, Anchor, Text } from '@mantine/core'
import { useSession } from '../../api/session.ts'

/** Vendors lead back to the public address; a browser that began elsewhere would not be known there. */
export const OtherAddress = () => {
  const { publicUrl } = useSession()
  const { origin, pathname, search } = window.location
  if (new URL(publicUrl).origin === origin) return null
  const there = `${publicUrl}${pathname}${search}`
  return (
    <Alert color="yellow" variant="outline" mb="md" title="Connect at the public address">
      <Text size="sm" className="breaks">
        The vendor leads back to {publicUrl}, and you are at {origin}. Go on at{' '}
        <Anchor href={there} underline="always" inherit>
          {there}
        </Anchor>
        , or have PUBLIC_URL set to the address that people use.
      </Text>
    </Alert>
  )
}
