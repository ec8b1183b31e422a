import { Card, Group, Stack, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { elementsQuery, instancesQuery } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { CopyCurl } from '../../parts/CurlLine.tsx'
import { InstanceActions } from '../../parts/InstanceActions.tsx'
import { expiryOf } from '../../parts/instance-state.ts'
import { StateChip } from '../../parts/StateChip.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { When } from '../../ui/When.tsx'

const InstanceCard = ({ instance }: { readonly instance: Instance }) => {
  const expiry = expiryOf(instance)
  return (
    <Card withBorder padding="lg" component="article" aria-label={instance.name} data-instance={instance.id}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Text fz="lg" fw={600} component="h2" className="breaks">
            <Link to="/instances/$instance" params={{ instance: String(instance.id) }} className="plain-link">
              {instance.name}
            </Link>
          </Text>
          <StateChip instance={instance} />
        </Group>
        <Text size="sm" c="dimmed" className="breaks">
          {instance.element.name as string}, instance {instance.id}
          {instance.tags.length === 0 ? '' : `, tags: ${instance.tags.join(', ')}`}
        </Text>
        <Text size="sm">
          Connected <When at={instance.createdDate} />
          {expiry === undefined ? null : (
            <>
              ; without use it ends <When at={expiry} />
            </>
          )}
        </Text>
        <Group gap="xs">
          <LinkButton
            size="xs"
            to="/instances/$instance"
            params={{ instance: String(instance.id) }}
            aria-label={`Open ${instance.name}`}
          >
            Open
          </LinkButton>
          <CopyButton what={`of ${instance.name}`} text={instance.token}>
            Copy Element token
          </CopyButton>
          <CopyCurl instance={instance} />
        </Group>
        <InstanceActions instance={instance} />
      </Stack>
    </Card>
  )
}

/** A few are found by looking; a page of very many would be slow to draw. */
const fewEnough = 3
const mostShown = 50

const holds = (instance: Instance, words: string): boolean =>
  [instance.name, String(instance.id), ...instance.tags].some((text) =>
    text.toLowerCase().includes(words.trim().toLowerCase()),
  )

const InstanceList = ({ instances }: { readonly instances: readonly Instance[] }) => {
  const [words, setWords] = useState('')
  const found = instances.filter((one) => holds(one, words))
  const isCut = found.length > mostShown
  return (
    <Stack>
      {instances.length <= fewEnough ? null : (
        <TextInput
          type="search"
          label="Search"
          description="A part of a name, a tag or an id"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      {found.slice(0, mostShown).map((instance) => (
        <InstanceCard key={instance.id} instance={instance} />
      ))}
      {found.length > 0 && !isCut ? null : (
        <Text size="sm" role="status">
          {isCut ? `${mostShown} of ${found.length} are shown; search for the others.` : 'None fits.'}
        </Text>
      )}
    </Stack>
  )
}

export const Instances = () => {
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const { data: elements } = useSuspenseQuery(elementsQuery)
  return (
    <>
      <PageHead title="Instances" about="Each is one connection; its Element token names it in calls.">
        {elements.map((element) => (
          <LinkButton key={element.key} to="/connect/$element" params={{ element: element.key }}>
            Connect {element.name}
          </LinkButton>
        ))}
      </PageHead>
      {instances.length === 0 ? (
        <Card withBorder padding="lg">
          <Text>Nothing is connected yet. Connect the sandbox in one click, or your own company.</Text>
        </Card>
      ) : (
        <InstanceList instances={instances} />
      )}
    </>
  )
}
