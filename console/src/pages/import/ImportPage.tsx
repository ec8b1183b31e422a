import { Card, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type ElementSource, previewElement } from '../../api/elements.ts'
import type { ElementPreview } from '../../api/shapes.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { Waiting } from '../../ui/Waiting.tsx'
import { Facts } from './Facts.tsx'
import { Findings } from './Findings.tsx'
import { ResourceList } from './ResourceList.tsx'
import { SourceForm } from './SourceForm.tsx'
import { StoreForm } from './StoreForm.tsx'

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card withBorder padding="lg" component="section" aria-label={title}>
    <Title order={2} fz="lg" mb="sm" className="breaks">
      {title}
    </Title>
    {children}
  </Card>
)

/** What was looked at last, and what was seen. */
interface Seen {
  readonly source: ElementSource
  readonly preview: ElementPreview
}

/** An element's JSON is shown as it would run, and stored when somebody has seen that. */
export const ImportPage = () => {
  const [seen, setSeen] = useState<Seen>()
  const look = useMutation({
    mutationFn: async (source: ElementSource): Promise<Seen> => ({
      source,
      preview: await previewElement(source),
    }),
    onSuccess: setSeen,
  })
  const begin = (source: ElementSource): void => {
    setSeen(undefined)
    look.mutate(source)
  }
  return (
    <>
      <PageHead
        title="Import an element"
        about="The JSON of an element of Cloud Elements becomes an element here. You see what it will do before it is stored."
      />
      <Stack>
        <SourceForm isBusy={look.isPending} onSource={begin} />
        {look.isPending && seen === undefined ? <Waiting what="Looking at it" /> : null}
        {look.error !== null && seen === undefined ? (
          <Problem
            error={look.error}
            title={`${look.variables?.file ?? 'What was pasted'} cannot be an element here`}
          />
        ) : null}
        {seen === undefined ? null : (
          <>
            <Section title={seen.preview.name}>
              <Text size="sm" role="status" mb="xs" className="breaks">
                {seen.source.file ?? 'What was pasted'} can be stored. Nothing is stored yet.
              </Text>
              <Facts preview={seen.preview} />
            </Section>
            <Section title="What it cannot do here">
              <Findings findings={seen.preview.findings} />
            </Section>
            <StoreForm
              key={`${seen.preview.key} ${seen.preview.taken?.by}`}
              source={seen.source}
              preview={seen.preview}
              isBusy={look.isPending}
              keyError={look.error}
              onKey={(key) => look.mutate({ ...seen.source, key })}
            />
            <Section title="What it does">
              <ResourceList resources={seen.preview.resources} />
            </Section>
          </>
        )}
      </Stack>
    </>
  )
}
