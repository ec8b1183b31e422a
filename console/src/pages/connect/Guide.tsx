import { List, Stack, Text } from '@mantine/core'
import { callbackUrl } from '../../api/connects.ts'
import { useSession } from '../../api/session.ts'
import type { ConnectWay } from '../../api/shapes.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'

const ToPaste = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <Stack gap={6}>
    <Text size="sm" fw={600}>
      {title}
    </Text>
    <pre className="code" data-paste={title}>
      {text}
    </pre>
    <div>
      <CopyButton what={`the ${title.toLowerCase()}`} text={text} />
    </div>
  </Stack>
)

/** What is done at the vendor, by whom, and what to paste there; the words are the element's. */
export const Guide = ({ way }: { readonly way: ConnectWay }) => {
  const { publicUrl } = useSession()
  return (
    <Stack gap="sm">
      <Text size="sm">{way.about}</Text>
      <Text size="sm">
        <strong>Who:</strong> {way.who}
      </Text>
      <List type="ordered" size="sm" spacing="xs">
        {way.steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      {way.consent ? <ToPaste title="Callback address" text={callbackUrl(publicUrl)} /> : null}
      {way.scopes.length === 0 ? null : <ToPaste title="Scopes" text={way.scopes.join(' ')} />}
    </Stack>
  )
}
