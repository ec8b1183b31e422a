import { Stack, Tabs, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { instanceQuery } from '../../api/queries.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Waiting } from '../../ui/Waiting.tsx'
import { DownloadForm } from './DownloadForm.tsx'
import { JobList } from './JobList.tsx'
import { UploadForm } from './UploadForm.tsx'

const route = getRouteApi('/shell/instances/$instance/bulk')

const views = ['jobs', 'download', 'upload'] as const

/** An instance's bulk jobs, and the ways to begin one. */
export const BulkPage = () => {
  const { instance: id } = route.useParams()
  const { view } = route.useSearch()
  const navigate = useNavigate()
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  const shown = views.find((one) => one === view) ?? 'jobs'
  const show = (to: string): void =>
    void navigate({
      to: '/instances/$instance/bulk',
      params: { instance: id },
      search: { view: to },
      replace: true,
    })
  return (
    <>
      <PageHead
        title={`Bulk jobs of ${instance.name}`}
        about="Whole listings into files, whole files of records to the vendor."
      >
        <LinkButton to="/instances/$instance" params={{ instance: id }} variant="default">
          Back to the instance
        </LinkButton>
      </PageHead>
      <Stack>
        <Tabs value={shown} onChange={(to) => show(to ?? 'jobs')} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="jobs">Jobs</Tabs.Tab>
            <Tabs.Tab value="download">Download</Tabs.Tab>
            <Tabs.Tab value="upload">Upload</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="jobs">
            <Suspense fallback={<Waiting what="Reading the jobs" />}>
              <JobList instance={instance} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="download">
            <DownloadForm instance={instance} />
          </Tabs.Panel>
          <Tabs.Panel value="upload">
            <UploadForm instance={instance} />
          </Tabs.Panel>
        </Tabs>
        <Text size="sm" c="dimmed">
          A job goes on when this page is closed. Its files are kept for some days.
        </Text>
      </Stack>
    </>
  )
}
