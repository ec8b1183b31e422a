import { Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { connectAtOnce } from '../../api/connects.ts'
import { useInstanceAction } from '../../api/queries.ts'
import type { ConnectWay, Instance, Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { ConfigInput } from './ConfigInput.tsx'
import { LiveCheck } from './LiveCheck.tsx'

/**
 * New credentials where there is no consent page. What is stored already is asked for only where it may be what is
 * wrong: it goes with every call, or nobody here knows what the vendor does with it.
 */
export const ReconnectAtOnce = ({
  element,
  instance,
  way,
}: {
  readonly element: Metadata
  readonly instance: Instance
  readonly way: ConnectWay
}) => {
  const isStored = (key: string): boolean => instance.configuration[key] !== undefined
  const asked = way.inputs.filter(
    ({ key }) =>
      way.fields.includes(key) &&
      (!isStored(key) || way.credentials.includes(key) || element.posted !== undefined),
  )
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const connect = useInstanceAction(connectAtOnce)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    connect.mutate({
      element: element.key,
      name: instance.name,
      tags: undefined,
      configuration: Object.fromEntries(
        asked
          .map(({ key }): [string, string] => [key, values[key]?.trim() ?? ''])
          .filter(([, value]) => value !== ''),
      ),
      instanceId: instance.id,
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {asked.map((field) => (
          <ConfigInput
            key={field.key}
            field={
              isStored(field.key)
                ? {
                    ...field,
                    required: false,
                    description: 'It is stored. Leave this empty to keep it.',
                    defaultValue: undefined,
                  }
                : field
            }
            value={values[field.key] ?? ''}
            onChange={(value) => setValues({ ...values, [field.key]: value })}
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
