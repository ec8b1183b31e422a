import { Anchor, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import type { Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { saveFile } from '../../ui/save-file.ts'

const documents = [
  { title: 'OpenAPI 3.1', path: 'openapi' },
  { title: 'Swagger 2.0', path: 'docs' },
] as const

const save = async (key: string, path: string): Promise<void> => {
  const document = await call<unknown>(`/elements/${encodeURIComponent(key)}/${path}`)
  const file = new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' })
  saveFile(file, `${key}-${path}.json`)
}

/** Where an element's calls are described: the vendor's pages, and files of what there is here. */
export const Documents = ({ element }: { readonly element: Metadata }) => {
  const get = useMutation({ mutationFn: (path: string) => save(element.key, path) })
  return (
    <Stack gap="sm">
      {element.apiDocumentationUrl === '' ? null : (
        <Anchor
          href={element.apiDocumentationUrl}
          target="_blank"
          rel="noreferrer"
          className="breaks"
          size="sm"
          underline="always"
        >
          The vendor's documentation ({element.apiDocumentationUrl})
        </Anchor>
      )}
      <Text size="sm" className="breaks">
        Of the calls here, as files; programs read them at /elements/api-v2/elements/{element.key}/openapi and
        /docs:
      </Text>
      <Group gap="xs">
        {documents.map(({ title, path }) => (
          <BusyButton
            key={path}
            size="xs"
            variant="default"
            busy={get.isPending && get.variables === path}
            onClick={() => get.mutate(path)}
          >
            {`Download ${title}`}
          </BusyButton>
        ))}
      </Group>
      {get.error === null ? null : <Problem error={get.error} />}
      <Text size="sm" c="dimmed">
        Element {element.id}, key {element.key}, hub {element.hub}
      </Text>
    </Stack>
  )
}
