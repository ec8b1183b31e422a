import { Group, Stack } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { elementQuery } from '../api/queries.ts'
import { useReadSecrets } from '../api/session.ts'
import type { Instance } from '../api/shapes.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { curlLine, type HubQuery } from './curl-line.ts'

const dots = '••••••••'

const useFirstQuery = (instance: Instance): HubQuery => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const listed = element.resources.find(({ operations }) => operations.includes('SEARCH'))
  return { hub: element.hub, resource: listed?.canonicalName ?? 'ping', parameters: { pageSize: '1' } }
}

/** Copies a command line for one call, with the secrets in it. */
export const CopyCurl = ({ instance, query }: { readonly instance: Instance; readonly query?: HubQuery }) => {
  const first = useFirstQuery(instance)
  const readSecrets = useReadSecrets()
  return (
    <CopyButton
      what={`for ${instance.name}`}
      text={async () =>
        curlLine(query ?? first, { user: (await readSecrets()).userSecret, element: instance.token })
      }
    >
      Copy curl
    </CopyButton>
  )
}

/** A command line for one call, secrets masked; what is copied holds them. */
export const CurlLine = ({ instance, query }: { readonly instance: Instance; readonly query?: HubQuery }) => {
  const first = useFirstQuery(instance)
  const shown = query ?? first
  return (
    <Stack gap="xs">
      <pre className="code">{curlLine(shown, { user: dots, element: dots })}</pre>
      <Group>
        <CopyCurl instance={instance} query={shown} />
      </Group>
    </Stack>
  )
}
