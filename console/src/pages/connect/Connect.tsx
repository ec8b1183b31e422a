import { Stack } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { elementQuery } from '../../api/queries.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { OtherAddress } from './OtherAddress.tsx'
import { OwnForm } from './OwnForm.tsx'
import { Reconnect } from './Reconnect.tsx'
import { SandboxCard } from './SandboxCard.tsx'

const route = getRouteApi('/shell/connect/$element')

export const Connect = () => {
  const { element: key } = route.useParams()
  const { instance } = route.useSearch()
  const { data: element } = useSuspenseQuery(elementQuery(key))
  if (instance !== undefined) return <Reconnect element={element} instanceId={instance} />
  return (
    <>
      <PageHead
        title={`Connect ${element.name}`}
        about={
          element.connect.ways.some(({ consent }) => consent)
            ? "You are sent to the vendor's own page to consent, and come back here. One live call proves that it works."
            : 'You fill in what the vendor asks for. One live call proves that it works.'
        }
      />
      <OtherAddress />
      <Stack>
        {element.connect.sandbox === undefined ? null : <SandboxCard element={element} />}
        <OwnForm element={element} />
      </Stack>
    </>
  )
}
