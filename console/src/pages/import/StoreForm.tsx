import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../api/client.ts'
import { type ElementSource, useStoreElement } from '../../api/elements.ts'
import type { ElementPreview } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

type Taken = NonNullable<ElementPreview['taken']>

const whose = ({ by, name }: Taken): string => {
  switch (by) {
    case 'own':
      return `is that of ${name}, which was posted before`
    case 'catalogue':
      return `is that of ${name}, which everybody has`
    case 'other-account':
      return "is that of another account's element"
  }
}

const replacedWords = ({ by, instances }: Taken): string => {
  if (by !== 'own') return 'It cannot be replaced. Store this one under another key.'
  if (instances === 0) return 'Replace it, or store this one under another key.'
  const count = instances === 1 ? 'Its instance runs' : `Its ${instances} instances run`
  return `Replace it, or store this one under another key. ${count} on what replaces it from then on.`
}

const KeyForm = ({ isBusy, onKey }: { readonly isBusy: boolean; readonly onKey: (key: string) => void }) => {
  const [key, setKey] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onKey(key.trim())
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Another key"
          required
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant="default" aria-busy={isBusy}>
          Use this key
        </Button>
      </Group>
    </form>
  )
}

/** Stores what was shown, and goes on to connect it. */
export const StoreForm = ({
  source,
  preview,
  isBusy,
  keyError,
  onKey,
}: {
  readonly source: ElementSource
  readonly preview: ElementPreview
  readonly isBusy: boolean
  /** Why the key that was tried last is none; null: it is one. */
  readonly keyError: Error | null
  /** Looks at the same JSON again, under a key. */
  readonly onKey: (key: string) => void
}) => {
  const navigate = useNavigate()
  const store = useStoreElement()
  const { taken, key, name } = preview
  const keep = (replaces?: string): void =>
    store.mutate(
      { source, ...(replaces === undefined ? {} : { replaces }) },
      {
        onSuccess: (stored) => navigate({ to: '/connect/$element', params: { element: stored.key } }),
        onError: (error) => {
          // Somebody took the key meanwhile: what can be done then is shown.
          if (error instanceof ApiError && error.status === 409) onKey(key)
        },
      },
    )
  return (
    <Stack gap="sm">
      {taken === undefined ? null : (
        <Alert
          color="yellow"
          variant="outline"
          title={`The key ${key} ${whose(taken)}`}
          data-taken={taken.by}
        >
          <Stack gap="sm">
            <Text size="sm">{replacedWords(taken)}</Text>
            <KeyForm isBusy={isBusy} onKey={onKey} />
            {keyError === null ? null : <Problem error={keyError} title="It cannot have this key" />}
          </Stack>
        </Alert>
      )}
      {store.error === null ? null : <Problem error={store.error} title={`${name} is not stored`} />}
      <Group gap="xs">
        {taken === undefined ? (
          <BusyButton busy={store.isPending} onClick={() => keep()}>
            {`Store ${name} and connect it`}
          </BusyButton>
        ) : null}
        {taken?.by === 'own' ? (
          <BusyButton busy={store.isPending} onClick={() => keep(key)}>
            {`Replace ${taken.name} and connect it`}
          </BusyButton>
        ) : null}
      </Group>
    </Stack>
  )
}
