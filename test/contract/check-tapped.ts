import type { Tapped } from '../support/tap.ts'
import { checkRequests, type RequestReport } from './check-requests.ts'
import { hasPublished, tellMissing } from './published.ts'

/** A report in words, as the runs print it. */
const tellReport = ({ validated, operations, notCoverable }: RequestReport): void => {
  const list = notCoverable.map(({ operation, count }) => `${operation} (${count})`)
  process.stdout.write(
    `requests: ${validated} validated on ${operations.length} operations, ${list.length} not coverable: [${list.join(', ')}]\n`,
  )
}

/** Holds requests against the published files and tells the counts. @throws Error naming what does not fit. */
export const checkTapped = async (requests: readonly Tapped[]): Promise<void> => {
  tellMissing()
  if (!hasPublished) return
  const report = await checkRequests(requests)
  tellReport(report)
  if (report.problems.length > 0)
    throw new Error(`not as SAP Concur published it:\n${report.problems.join('\n')}`)
}
