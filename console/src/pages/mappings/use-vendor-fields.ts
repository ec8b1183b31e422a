import { skipToken, useQuery } from '@tanstack/react-query'
import { fieldsQuery } from '../../api/hub.ts'
import type { Row } from '../../api/shapes.ts'
import type { Source } from './use-trial.ts'
import { type VendorField, vendorFields } from './vendor-fields.ts'

/** What can be mapped of a resource: what its element names, and what else stands in sample rows. */
export const useVendorFields = (
  { instance, hub, resource }: Source,
  rows: readonly Row[],
): { readonly fields: readonly VendorField[]; readonly error: Error | null } => {
  const { data, error } = useQuery(
    instance === undefined
      ? { queryKey: ['fields'], queryFn: skipToken }
      : { ...fieldsQuery(instance, hub, resource) },
  )
  return { fields: vendorFields(data?.fields ?? [], rows), error }
}
