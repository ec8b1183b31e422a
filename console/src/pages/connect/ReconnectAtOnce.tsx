import { Group, Stack } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { connectAtOnce } from '../../api/connects.ts'
import { elementConfigurationQuery, useInstanceAction } from '../../api/queries.ts'
import type { ConnectWay, Instance, Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { ConfigInput } from './ConfigInput.tsx'
import { LiveCheck } from './LiveCheck.tsx'

/** New credentials where there is no consent page; what is stored and no credential of every call is not asked for. */
export const ReconnectAtOnce = ({
  element,
  instance,
  way,
}: {
  readonly element: Metadata
  readonly instance: Instance
  readonly way: ConnectWay
}) => {
  const { data: configuration } = useSuspenseQuery(elementConfigurationQuery(element.key))
  const missing = way.fields.filter(
    (key) => instance.configuration[key] === undefined || way.credentials.includes(key),
  )
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const connect = useInstanceAction(connectAtOnce)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    connect.mutate({
      element: element.key,
      name: instance.name,
      tags: undefined,
      configuration: Object.fromEntries(missing.map((key) => [key, values[key]?.trim() ?? ''])),
      instanceId: instance.id,
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {missing.map((key) => (
          <ConfigInput
            key={key}
            field={configuration.find((one) => one.key === key)}
            name={key}
            value={values[key] ?? ''}
            onChange={(value) => setValues({ ...values, [key]: value })}
          />
        ))}
        {connect.error === null ? null : <Problem error={connect.error} />}
        {connect.isSuccess ? <LiveCheck instanceId={instance.id} /> : null}
        <Group>
          <BusyButton type="submit" busy={connect.isPending}>
            {way.principal === 'company' ? 'Reconnect the company' : 'Reconnect'}
          </BusyButton>
        </Group>
      </Stack>
    </form>
  )
}
