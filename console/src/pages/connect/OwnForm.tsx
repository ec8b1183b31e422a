import { Card, Group, NativeSelect, Radio, SimpleGrid, Stack, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ConnectInput, connectAtOnce } from '../../api/connects.ts'
import type { ConnectWay, Metadata } from '../../api/shapes.ts'
import { EventFields } from '../../parts/EventFields.tsx'
import { newEventConfiguration, newEventSettings } from '../../parts/event-settings.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { ConfigInputs } from './ConfigInputs.tsx'
import { Guide } from './Guide.tsx'
import { LiveCheck } from './LiveCheck.tsx'
import { useStart } from './use-start.ts'

const tagsIn = (text: string): readonly string[] | undefined => {
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  return tags.length === 0 ? undefined : tags
}

type Values = Readonly<Record<string, string>>

const Ways = ({
  ways,
  type,
  choose,
}: {
  readonly ways: readonly ConnectWay[]
  readonly type: string
  readonly choose: (type: string) => void
}) =>
  ways.length < 2 ? null : (
    <Radio.Group label="In whose name" value={type} onChange={choose}>
      <Stack gap="xs" mt="xs">
        {ways.map((one) => (
          <Radio key={one.type} value={one.type} label={one.title} />
        ))}
      </Stack>
    </Radio.Group>
  )

/** A customer's own company: what to do at the vendor beside what to fill in. */
export const OwnForm = ({ element }: { readonly element: Metadata }) => {
  const { ways, sites, siteField } = element.connect
  const start = useStart()
  const atOnce = useMutation({ mutationFn: connectAtOnce })
  const [type, setType] = useState(ways[0]?.type ?? '')
  const [name, setName] = useState<string>(element.name)
  const [tags, setTags] = useState('')
  const [site, setSite] = useState(sites[0]?.key ?? '')
  const [values, setValues] = useState<Values>({})
  const [events, setEvents] = useState(newEventSettings)
  const way = ways.find((one) => one.type === type)
  if (way === undefined) return null
  if (atOnce.data !== undefined) return <LiveCheck instanceId={atOnce.data.id} />
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const filled = way.inputs
      .map(({ key }) => [key, values[key]?.trim() ?? ''])
      .filter(([, value]) => value !== '')
    const input: ConnectInput = {
      element: element.key,
      name,
      tags: tagsIn(tags),
      configuration: {
        ...Object.fromEntries(filled),
        ...(sites.length === 0 ? {} : { [siteField]: site }),
        'authentication.type': type,
        ...newEventConfiguration(events),
      },
    }
    if (way.consent) start.mutate(input)
    else atOnce.mutate(input)
  }
  const error = start.error ?? atOnce.error
  return (
    <Card withBorder padding="lg" component="section" aria-label="Your own company">
      <Title order={2} fz="lg" mb="sm">
        Your own company
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack>
          <Ways ways={ways} type={type} choose={setType} />
          <Guide way={way} />
        </Stack>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label="Name"
              description="What you call this connection"
              required
              maxLength={500}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <ConfigInputs
              way={way}
              values={values}
              isFolded={element.posted !== undefined}
              onChange={(key, value) => setValues({ ...values, [key]: value })}
            />
            {sites.length === 0 ? null : (
              <NativeSelect
                label="Data centre"
                description="Where the vendor keeps your company"
                value={site}
                data={sites.map((one) => ({ value: one.key, label: one.title }))}
                onChange={(event) => setSite(event.currentTarget.value)}
              />
            )}
            <TextInput
              label="Tags"
              description="With commas between them; without any, the name is the tag"
              value={tags}
              onChange={(event) => setTags(event.currentTarget.value)}
            />
            <EventFields element={element} settings={events} onChange={setEvents} />
            {error === null ? null : <Problem error={error} title={`${element.name} is not connected`} />}
            <Group>
              <BusyButton type="submit" busy={start.isPending || start.isSuccess || atOnce.isPending}>
                Connect
              </BusyButton>
            </Group>
          </Stack>
        </form>
      </SimpleGrid>
    </Card>
  )
}
