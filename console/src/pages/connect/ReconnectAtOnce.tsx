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
 * New credentials where there is no consent page. What is stored already is not asked for, unless it goes with every
 * call: then it may be what is wrong.
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
    ({ key, required }) => required && (element.posted !== undefined || !isStored(key)),
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
          .filter(([key, value]) => value !== '' || !isStored(key)),
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
                ? { ...field, required: false, description: 'It is stored. Leave this empty to keep it.' }
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
