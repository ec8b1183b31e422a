import { Group, Stack } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { elementQuery } from '../api/queries.ts'
import { useReadSecrets } from '../api/session.ts'
import type { Instance } from '../api/shapes.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { curlLine, type ShownCall } from './curl-line.ts'

const dots = '••••••••'

const useFirstCall = (instance: Instance): ShownCall => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const listed = element.resources.find(({ operations }) => operations.includes('SEARCH'))
  return { path: `hubs/${element.hub}/${listed?.canonicalName ?? 'ping'}`, parameters: { pageSize: '1' } }
}

interface CurlProps {
  readonly instance: Instance
  /** Absent: a first call that shows something. */
  readonly call?: ShownCall
  /** What the line is for, where there are several. */
  readonly what?: string
}

/** Copies a command line for one call, with the secrets in it. */
export const CopyCurl = ({ instance, call, what = `for ${instance.name}` }: CurlProps) => {
  const first = useFirstCall(instance)
  const readSecrets = useReadSecrets()
  return (
    <CopyButton
      what={what}
      text={async () =>
        curlLine(call ?? first, { user: (await readSecrets()).userSecret, element: instance.token })
      }
    >
      Copy curl
    </CopyButton>
  )
}

/** A command line for one call, secrets masked; what is copied holds them. */
export const CurlLine = (props: CurlProps) => {
  const first = useFirstCall(props.instance)
  return (
    <Stack gap="xs">
      <pre className="code">{curlLine(props.call ?? first, { user: dots, element: dots })}</pre>
      <Group>
        <CopyCurl {...props} />
      </Group>
    </Stack>
  )
}
