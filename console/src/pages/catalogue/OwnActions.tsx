import { Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { exportElement, removeElement } from '../../api/elements.ts'
import type { Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { saveFile } from '../../ui/save-file.ts'

const save = async ({ key }: Metadata): Promise<void> => {
  const json = await exportElement(key)
  saveFile(new Blob([JSON.stringify(json, null, 2)], { type: 'application/json' }), `${key}.json`)
}

/** What is done with an element that an account posted. */
export const OwnActions = ({
  element,
  onRemoved,
}: {
  readonly element: Metadata
  readonly onRemoved: () => Promise<unknown>
}) => {
  const get = useMutation({ mutationFn: () => save(element) })
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <BusyButton
          size="xs"
          variant="default"
          busy={get.isPending}
          aria-label={`Export ${element.name}`}
          onClick={() => get.mutate()}
        >
          Export
        </BusyButton>
        <Confirm
          label="Remove"
          what={element.name}
          title={`Remove ${element.name}?`}
          text="Its JSON is gone then; export it first if you may need it again. While it has instances it is not removed."
          action={async () => {
            await removeElement(element.key)
            await onRemoved()
          }}
        />
      </Group>
      {get.error === null ? null : <Problem error={get.error} title="It is not exported" />}
    </Stack>
  )
}
