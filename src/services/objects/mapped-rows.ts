import type { Resource } from '#src/element/index.ts'
import { dropNulls } from '#src/engine/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { MappingPlan } from '../mapping/index.ts'
import type { ScriptRun, TransformScripts } from '../scripts/index.ts'
import { mappingOf } from './common.ts'
import type { HubCall } from './connection.ts'

const empty: JsonObject = {}

/** Rows of a common resource on their way to and from a vendor: mapped, and scripted where there is a script. */
export const createMappedRows = (scripts: TransformScripts) => {
  const runOf = ({ instance, trace, scriptsMustWork }: HubCall, plan: MappingPlan): ScriptRun => ({
    plan,
    mustWork: scriptsMustWork,
    owner: `${instance.organizationId}/${instance.instanceId}/${plan.objectName}`,
    organizationId: instance.organizationId,
    tell: (words) => {
      trace.scriptError =
        trace.scriptError === undefined ? words : `${trace.scriptError}; ${words}`.slice(0, 2_000)
    },
  })

  /** null: the script answered nothing. */
  const seen = (
    call: HubCall,
    plan: MappingPlan,
    rows: readonly JsonObject[],
    keepNulls: boolean,
  ): Later<readonly (JsonObject | null)[]> => {
    const made = scripts.rows(runOf(call, plan), 'fromVendor', rows)
    if (keepNulls || plan.script === undefined) return made
    return andThen(made, (all) => all.map((row) => (row === null ? null : (dropNulls(row) as JsonObject))))
  }

  /** The vendor's rows in common names, one for one; null: the script leaves the row out. */
  const each = (
    call: HubCall,
    plan: MappingPlan,
    rows: readonly JsonObject[],
    keepNulls: boolean,
  ): Later<readonly (JsonObject | null)[]> => {
    const made = seen(call, plan, rows, keepNulls)
    if (plan.script === undefined || plan.script.filterEmptyResponse) return made
    return andThen(made, (all) => all.map((row) => row ?? empty))
  }

  const sending =
    (direction: 'toVendor' | 'toNew') =>
    (call: HubCall, resource: Resource, body: JsonObject): Later<JsonObject> => {
      const plan = mappingOf(resource)
      if (plan === undefined) return body
      return andThen(scripts.rows(runOf(call, plan), direction, [body]), ([made]) => made ?? empty)
    }

  return {
    each,
    /** A page of the vendor's rows in common names, without those that the script leaves out. */
    page: (
      call: HubCall,
      plan: MappingPlan,
      rows: readonly JsonObject[],
      keepNulls: boolean,
    ): Later<readonly JsonObject[]> =>
      andThen(each(call, plan, rows, keepNulls), (made) =>
        plan.script === undefined ? (made as readonly JsonObject[]) : made.filter((row) => row !== null),
      ),
    /** One row; what is no row passes as it is. */
    row: (call: HubCall, resource: Resource, row: Json, keepNulls: boolean): Later<Json> => {
      const plan = mappingOf(resource)
      if (plan === undefined || !isJsonObject(row)) return row
      return andThen(seen(call, plan, [row], keepNulls), ([made]) => made ?? empty)
    },
    /** What a change sends, in the vendor's names. */
    sent: sending('toVendor'),
    /** The same of a create: what it does not say has its default value. */
    sentNew: sending('toNew'),
    /** A query in common names with the values that the script gives it. @throws AppError `bad-query`. */
    where: (call: HubCall, plan: MappingPlan, where: string | undefined): Later<string | undefined> =>
      where === undefined || !plan.scriptsWhere ? where : scripts.where(runOf(call, plan), where),
  }
}
