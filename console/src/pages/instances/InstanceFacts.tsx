import { Button, Group, Stack, Table } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Instance } from '../../api/shapes.ts'
import { GrantFacts } from '../../parts/GrantFacts.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Masked } from '../../ui/Masked.tsx'
import { When } from '../../ui/When.tsx'

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={{ base: 96, sm: 150 }} style={{ verticalAlign: 'top' }}>
      {name}
    </Table.Th>
    <Table.Td className="breaks">{children}</Table.Td>
  </Table.Tr>
)

const Token = ({ token }: { readonly token: string }) => {
  const [isShown, setShown] = useState(false)
  return (
    <Group gap="xs">
      <code className="breaks" data-token>
        {isShown ? token : <Masked />}
      </code>
      <Button
        size="xs"
        variant="default"
        aria-label={`${isShown ? 'Hide' : 'Show'} Element token`}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? 'Hide' : 'Show'}
      </Button>
      <CopyButton what="Element token" text={token} />
    </Group>
  )
}

const FactTable = ({ instance }: { readonly instance: Instance }) => (
  <Table variant="vertical" layout="fixed">
    <Table.Tbody>
      <Fact name="Element token">
        <Token token={instance.token} />
      </Fact>
      <Fact name="Id">
        <Group gap="xs">
          {instance.id}
          <CopyButton what="the id of the instance" text={String(instance.id)} />
        </Group>
      </Fact>
      <Fact name="Tags">{instance.tags.length === 0 ? 'none' : instance.tags.join(', ')}</Fact>
      <Fact name="Connected">
        <When at={instance.createdDate} />
      </Fact>
      <Fact name="Changed">
        <When at={instance.updatedDate} />
      </Fact>
      <Fact name="By">{instance.user.emailAddress}</Fact>
    </Table.Tbody>
  </Table>
)

/** What there is to know of a connection. */
export const InstanceFacts = ({ instance }: { readonly instance: Instance }) => (
  <Stack>
    <FactTable instance={instance} />
    {instance.authentication.map((grant) => (
      <GrantFacts key={grant.principal} grant={grant} />
    ))}
  </Stack>
)
