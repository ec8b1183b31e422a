import { Group } from '@mantine/core'
import { BusyButton } from './BusyButton.tsx'

/** What a list in pages says of the next one. */
interface Paged {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/** Gets the next page of a list; nothing on the last. */
export const MoreButton = ({ list, words }: { readonly list: Paged; readonly words: string }) =>
  list.hasNextPage ? (
    <Group>
      <BusyButton
        size="xs"
        variant="default"
        busy={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {words}
      </BusyButton>
    </Group>
  ) : null
