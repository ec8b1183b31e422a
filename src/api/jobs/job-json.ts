import type { z } from 'zod'
import type { JobReply } from '#src/contract/index.ts'
import type { JobView } from '#src/services/index.ts'
import { apiBase } from '../base.ts'

const queryOf = (query: JobView['query']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )

/** A job as it is shown (spec/behaviour.md 12). */
export const jobJson = (job: JobView): z.input<typeof JobReply> => ({
  id: job.id,
  name: job.name,
  description: job.description,
  method: job.method,
  uri: `${apiBase}${job.path}${job.search === '' ? '' : `?${job.search}`}`,
  query: queryOf(job.query),
  headers: { ...job.headers },
  ...(job.body === undefined ? {} : { body: job.body }),
  trigger: { cron: job.cron },
  enabled: job.enabled,
  createdDate: job.createdAt.toISOString(),
  nextRunDate: job.nextAt?.toISOString() ?? null,
  accountId: job.accountId,
  userId: job.userId,
  ...(job.instanceId === null ? {} : { elementInstanceId: job.instanceId }),
  readOnly: job.readOnly,
})
