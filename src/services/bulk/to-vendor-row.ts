import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'

/** A row of a file as the resource takes it, its types already right. */
export const toVendorRow = (_resource: Resource, row: JsonObject): JsonObject => row
