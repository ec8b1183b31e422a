import { Card, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useSession, useSignedIn } from '../../api/session.ts'
import { SecretPanel } from '../../parts/SecretPanel.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { PasswordForm } from './PasswordForm.tsx'

const header = 'Authorization: User <User Secret>, Organization <Organization Secret>'

export const SecretsPage = () => {
  const { publicUrl } = useSession()
  const { email } = useSignedIn()
  const base = `${publicUrl}/elements/api-v2`
  return (
    <>
      <PageHead
        title="Secrets"
        about="What your applications prove with who they are. Treat them like passwords."
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack>
          <Card withBorder padding="lg">
            <Title order={2} fz="lg" mb="sm">
              Your secrets
            </Title>
            <SecretPanel />
          </Card>
          <Card withBorder padding="lg" id="password">
            <Title order={2} fz="lg" mb="sm">
              Password
            </Title>
            <Text size="sm" c="dimmed" mb="sm" className="breaks">
              Of {email}, for this page and POST /authentication. Secrets stay as they are.
            </Text>
            <PasswordForm />
          </Card>
        </Stack>
        <div>
          <Card withBorder padding="lg">
            <Title order={2} fz="lg" mb="sm">
              How they are sent
            </Title>
            <Stack gap="xs">
              <Text size="sm">Calls to the platform, such as the list of instances:</Text>
              <pre className="code">{header}</pre>
              <Text size="sm">Calls to an instance, with the Element token from its page:</Text>
              <pre className="code">
                Authorization: User &lt;User Secret&gt;, Element &lt;Element token&gt;
              </pre>
              <Text size="sm">The API is at:</Text>
              <pre className="code">{base}</pre>
              <div>
                <CopyButton what="the address of the API" text={base} />
              </div>
            </Stack>
          </Card>
        </div>
      </SimpleGrid>
    </>
  )
}
