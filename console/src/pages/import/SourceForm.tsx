import { Card, Group, Input, Stack, TextInput } from '@mantine/core'
import { type DragEvent, type FormEvent, useId, useState } from 'react'
import type { ElementSource } from '../../api/elements.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'

/** Where an element's JSON comes from: a file, chosen or dropped, or a text that is pasted. */
export const SourceForm = ({
  isBusy,
  onSource,
}: {
  readonly isBusy: boolean
  readonly onSource: (source: ElementSource) => void
}) => {
  const id = useId()
  const [pasted, setPasted] = useState('')
  const [isOver, setOver] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    setPasted('')
    onSource({ file: file.name, text: await file.text() })
  }
  const drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files
    setOver(false)
    // Dropped text goes where it falls, as ever.
    if (file === undefined) return
    event.preventDefault()
    void take(file)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSource({ file: undefined, text: pasted })
  }
  return (
    <Card
      withBorder
      padding="lg"
      component="section"
      aria-label="The JSON"
      className="drop"
      data-over={isOver}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            type="file"
            label="File"
            description="An export of one element; it can be dropped anywhere on this card."
            accept=".json,application/json"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
            // The same file, mended, may be chosen again.
            onClick={(event) => {
              event.currentTarget.value = ''
            }}
          />
          <Stack gap={4}>
            <Input.Label htmlFor={id}>Or paste it</Input.Label>
            <textarea
              id={id}
              className="code row-field"
              value={pasted}
              onChange={(event) => setPasted(event.currentTarget.value)}
              rows={5}
              placeholder='{ "name": "Acme", "authentication": { "type": "basic" }, "configuration": [ … ], "resources": [ … ] }'
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              required
            />
          </Stack>
          <Group>
            <BusyButton type="submit" variant="default" busy={isBusy}>
              See what it does
            </BusyButton>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
