import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { LevelName, LevelOwner, NewTransformation, TransformationRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { compileMapping, transformationOf } from '../mapping/index.ts'
import { absentTransformation, type LevelAsked, type TransformationsNeed, whatOf } from './owner.ts'
import type { TransformationInput } from './transformations.ts'
import { vendorResource } from './vendor-resource.ts'

/** A transformation that is not stored, and the level that it is meant for; absent: that of the instance or account. */
export interface TransformationDraft {
  readonly level: LevelName | undefined
  readonly input: TransformationInput
}

/** By what something is tried: as an instance would, or by what organization and account say of an element. */
export type TryOutBy = { readonly instanceId: number } | { readonly element: string }

interface TryOutNeed {
  readonly need: TransformationsNeed
  readonly rowsAt: (owner: LevelOwner, elementKey: string) => Promise<readonly TransformationRow[]>
  readonly checkedRow: (
    owner: LevelOwner,
    element: Element,
    name: string,
    input: TransformationInput,
    before: TransformationRow | undefined,
  ) => Promise<NewTransformation>
}

/** @throws AppError `bad-request` for a level of an instance that is not named. */
const levelOf = (caller: Caller, by: TryOutBy, level: LevelName | undefined): LevelAsked => {
  if (level === 'organization') return { level }
  // The account that paths without an id mean, where such a draft is stored.
  if (level === 'account') return { level, accountId: undefined }
  if ('instanceId' in by) return { level: 'instance', instanceId: by.instanceId }
  if (level === undefined) return { level: 'account', accountId: caller.accountId }
  throw new AppError('bad-request', 'transformation.level: it is instance. Send instanceId, too.')
}

/** Tries transformations on payloads; nothing is stored, and nothing sent to a vendor. */
export const createTryOut = ({ need, rowsAt, checkedRow }: TryOutNeed) => {
  /** What would stand at a level and those above it. */
  const withDraft = async (
    owner: LevelOwner,
    element: Element,
    name: string,
    stored: readonly TransformationRow[],
    input: TransformationInput,
  ): Promise<readonly TransformationRow[]> => {
    const isOwn = ({ level, ownerId }: TransformationRow) =>
      level === owner.level && ownerId === owner.ownerId
    const row = await checkedRow(owner, element, name, input, stored.find(isOwn))
    return [...stored.filter((one) => !isOwn(one)), { ...owner, ...row, createdAt: new Date() }]
  }

  /**
   * What a transformation makes of a payload: that which is stored, or a draft as it would hold at its level.
   * @param tell is told what the script did wrong.
   * @throws AppError `not-found`, `bad-request`; for a draft whatever storing it would be refused with.
   */
  return async (
    caller: Caller,
    name: string,
    by: TryOutBy,
    payload: JsonObject,
    direction: 'fromVendor' | 'toVendor' | 'toNew',
    draft: TransformationDraft | undefined,
    tell: (words: string) => void,
  ): Promise<JsonObject> => {
    const asked = levelOf(caller, by, draft?.level)
    const key = 'element' in by ? by.element : (await need.instances.get(caller, by.instanceId)).element.key
    const { owner, element } = await whatOf(need, caller, asked, key)
    const stored = (await rowsAt(owner, element.key)).filter(({ objectName }) => objectName === name)
    const rows = draft === undefined ? stored : await withDraft(owner, element, name, stored, draft.input)
    const found = transformationOf(rows)
    if (found === undefined) throw absentTransformation(owner, element.key, name)
    const plan = compileMapping(found, vendorResource(element, found.row.vendorName))
    const place = `tried/${owner.organizationId}/${owner.level}/${owner.ownerId}/${element.key}/${name}`
    const run = { plan, owner: place, organizationId: owner.organizationId, tell }
    const [made] = await need.scripts.rows(run, direction, [payload])
    return made ?? {}
  }
}
