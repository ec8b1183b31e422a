import type { Setting, TransformationInput } from '../../api/mapping.ts'
import type { Place } from '../../api/places.ts'
import type { Definition, ShownLevel, Transformation } from '../../api/shapes.ts'

/** Both ways of a row. */
interface Ways {
  readonly fromVendor: boolean
  readonly toVendor: boolean
}

/** What becomes of what is not mapped; `unsaid` is left to the levels above, and to the default: it passes both ways. */
export type Passing = 'none' | 'both' | 'read' | 'write' | 'unsaid'

export const passingWords: Readonly<Record<Passing, string>> = {
  none: 'is left out, read and written',
  both: 'passes under its own name, read and written',
  read: 'is shown to readers, and not sent to the vendor',
  write: 'is hidden from readers, and sent to the vendor',
  unsaid: 'as the levels above say, else it passes',
}

export interface DraftField {
  /** Of this row on the page. */
  readonly id: number
  readonly path: string
  readonly type: string
  readonly vendorPath: string
  readonly remove: Ways
  readonly datePattern: string
  /** From which level above it comes; undefined: this level's own. */
  readonly inherited: ShownLevel | undefined
  /** Stored as it is even where it is mapped to nothing. */
  readonly isKept: boolean
  /** What this page has no word for, and keeps. */
  readonly rest: {
    readonly settings: readonly Setting[]
    readonly displayName?: string
    readonly vendorType?: string
  }
}

export interface DraftScript {
  readonly body: string
  readonly mimeType: string
  readonly filterEmptyResponse: boolean
}

/** A transformation as a person changes it. */
export interface Draft {
  readonly vendorName: string
  readonly displayName: string | undefined
  readonly isLegacy: boolean
  readonly fields: readonly DraftField[]
  readonly passing: Passing
  readonly inherits: boolean
  readonly isDocumented: boolean
  readonly settings: readonly Setting[]
  readonly script: DraftScript
  /** From which level above a script comes, where this one has none of its own. */
  readonly scriptFrom: string | undefined
}

let lastId = 0
const nextId = (): number => {
  lastId += 1
  return lastId
}

const isTrue = (value: unknown): boolean => String(value).trim().toLowerCase() === 'true'

const find = (settings: readonly Setting[], type: string): Setting | undefined =>
  settings.find((setting) => setting.type === type)

const without = (settings: readonly Setting[], types: readonly string[]): readonly Setting[] =>
  settings
    .filter(({ type }) => !types.includes(type))
    .map(({ type, properties }) => (properties === undefined ? { type } : { type, properties }))

/** A field of the definition that nothing is mapped to yet. */
export const emptyField = (path = '', type = 'string'): DraftField => ({
  ...{ id: nextId(), path, type, vendorPath: '', datePattern: '' },
  ...{ remove: { fromVendor: false, toVendor: false }, inherited: undefined, isKept: false },
  rest: { settings: [] },
})

const fieldOf = (field: Transformation['fields'][number], place: Place): DraftField => {
  const { path, type, vendorPath = '', vendorType, displayName, level, configuration } = field
  const removed = find(configuration, 'remove')?.properties
  const pattern = find(configuration, 'transformDate')?.properties?.['pattern']
  return {
    ...{ id: nextId(), path, type, vendorPath },
    remove: { fromVendor: isTrue(removed?.['fromVendor']), toVendor: isTrue(removed?.['toVendor']) },
    datePattern: typeof pattern === 'string' ? pattern : '',
    inherited: level === place.level ? undefined : level,
    isKept: true,
    rest: {
      settings: without(configuration, ['remove', 'transformDate']),
      ...(displayName === undefined ? {} : { displayName }),
      ...(vendorType === undefined ? {} : { vendorType }),
    },
  }
}

/** Options of a level above are not this one's. */
const ownSettings = ({ configuration }: Transformation, place: Place): readonly Setting[] =>
  configuration.filter(({ level }) => level === undefined || level === place.level)

const passingOf = (settings: readonly Setting[]): Passing => {
  const said = find(settings, 'passThrough')?.properties
  if (said === undefined) return 'unsaid'
  const { fromVendor = true, toVendor = true } = said
  if (isTrue(fromVendor)) return isTrue(toVendor) ? 'both' : 'read'
  return isTrue(toVendor) ? 'write' : 'none'
}

const passSettings = (passing: Passing): readonly Setting[] => {
  if (passing === 'unsaid') return []
  const fromVendor = passing === 'both' || passing === 'read'
  const toVendor = passing === 'both' || passing === 'write'
  return [{ type: 'passThrough', properties: { fromVendor, toVendor } }]
}

const shownSettings = ['passThrough', 'inherit', 'addToDocumentation']

/** A field with another path of the vendor's; of which type that is, where it is known. */
export const mappedTo = (
  field: DraftField,
  vendorPath: string,
  vendorType: string | undefined,
): Pick<DraftField, 'vendorPath' | 'rest'> => {
  const { vendorType: _other, ...rest } = field.rest
  return { vendorPath, rest: vendorType === undefined ? rest : { ...rest, vendorType } }
}

/** A transformation as it is stored, for changing it. */
export const draftOf = (stored: Transformation, place: Place): Draft => {
  const settings = ownSettings(stored, place)
  const from = stored.script?.level
  const isInherited = from !== undefined && from !== place.level
  const {
    body = '',
    mimeType = 'application/javascript',
    filterEmptyResponse = false,
  } = (isInherited ? undefined : stored.script) ?? {}
  return {
    ...{ vendorName: stored.vendorName, displayName: stored.displayName, isLegacy: stored.isLegacy },
    fields: stored.fields.map((field) => fieldOf(field, place)),
    passing: passingOf(settings),
    inherits: find(settings, 'inherit') !== undefined,
    isDocumented: find(settings, 'addToDocumentation') !== undefined,
    settings: without(settings, shownSettings),
    script: { body, mimeType, filterEmptyResponse },
    scriptFrom: isInherited ? from : undefined,
  }
}

/** Where nothing is stored. Nothing passes that is not mapped, unless it is said: that is the shape that was defined. */
const newDraft = (vendorName: string): Draft => ({
  ...{ vendorName, displayName: undefined, isLegacy: false, fields: [] },
  ...{ passing: 'none', inherits: false, isDocumented: true, settings: [] },
  script: { body: '', mimeType: 'application/javascript', filterEmptyResponse: false },
  scriptFrom: undefined,
})

/** With a row for each defined field that has none. */
const withDefined = (draft: Draft, defined: Definition['fields']): Draft => {
  const there = new Set(draft.fields.map(({ path }) => path))
  const missing = defined.filter(({ path }) => !there.has(path))
  return { ...draft, fields: [...draft.fields, ...missing.map(({ path, type }) => emptyField(path, type))] }
}

const fieldSettings = ({ remove, datePattern, rest }: DraftField): readonly Setting[] => [
  ...rest.settings,
  ...(remove.fromVendor || remove.toVendor ? [{ type: 'remove', properties: { ...remove } }] : []),
  ...(datePattern.trim() === ''
    ? []
    : [{ type: 'transformDate', properties: { pattern: datePattern.trim() } }]),
]

/** Whether saving stores it at this level. */
export const isOwn = (field: DraftField): boolean =>
  field.inherited === undefined &&
  field.path.trim() !== '' &&
  (field.isKept || field.vendorPath.trim() !== '' || fieldSettings(field).length > 0)

const storedField = (field: DraftField): TransformationInput['fields'][number] => {
  const { displayName, vendorType } = field.rest
  const vendorPath = field.vendorPath.trim()
  return {
    ...{ path: field.path.trim(), type: field.type },
    ...(vendorPath === '' ? {} : { vendorPath }),
    ...(vendorType === undefined ? {} : { vendorType }),
    ...(displayName === undefined ? {} : { displayName }),
    configuration: fieldSettings(field),
  }
}

/** As the API takes it; what is inherited stays where it is. */
export const inputOf = (draft: Draft): TransformationInput => ({
  vendorName: draft.vendorName,
  ...(draft.displayName === undefined ? {} : { displayName: draft.displayName }),
  isLegacy: draft.isLegacy,
  fields: draft.fields.filter(isOwn).map(storedField),
  configuration: [
    ...passSettings(draft.passing),
    ...(draft.inherits ? [{ type: 'inherit' }] : []),
    ...(draft.isDocumented ? [{ type: 'addToDocumentation' }] : []),
    ...draft.settings,
  ],
  ...(draft.script.body.trim() === '' ? {} : { script: draft.script }),
})

/** With the fields of the levels above where this one says nothing of them. */
export const withInherited = (draft: Draft, above: Transformation | null, place: Place): Draft => {
  const isSaid = ({ path, isKept, vendorPath }: DraftField): boolean =>
    isKept || vendorPath !== '' || path === ''
  const said = draft.fields.filter(isSaid)
  const own = new Set(said.map(({ path }) => path))
  const more = (above?.fields ?? [])
    .filter(({ path }) => !own.has(path))
    .map((field) => fieldOf(field, place))
  const there = new Set(more.map(({ path }) => path))
  const rest = draft.fields.filter((field) => !isSaid(field) && !there.has(field.path))
  return {
    ...draft,
    inherits: true,
    fields: [...said, ...more, ...rest],
    scriptFrom: above?.script?.level,
  }
}

/** This level alone. */
export const withoutInherited = (draft: Draft, defined: Definition['fields']): Draft =>
  withDefined(
    {
      ...draft,
      inherits: false,
      scriptFrom: undefined,
      fields: draft.fields.filter(({ inherited }) => inherited === undefined),
    },
    defined,
  )

/** A ready-made mapping as one of this level's own. */
export const draftOfTemplate = (
  template: Transformation,
  place: Place,
  defined: Definition['fields'],
): Draft => {
  const { level } = place
  const fields = template.fields.map((field) => ({ ...field, level }))
  const configuration = template.configuration.map((setting) => ({ ...setting, level }))
  const { script } = template
  const own = {
    ...{ ...template, level, fields, configuration },
    ...(script === undefined ? {} : { script: { ...script, level } }),
  }
  return withDefined(draftOf(own, place), defined)
}

/** Whether a ready-made mapping is of what is defined: whoever defined other fields means something else by the name. */
export const suits = (template: Transformation, defined: Definition['fields']): boolean => {
  const paths = new Set(template.fields.map(({ path }) => path))
  return defined.every(({ path }) => paths.has(path))
}

/** What a person begins with: what is stored, else what holds from above, else a template, else nothing. */
export const firstDraft = (
  stored: Transformation | null,
  above: Transformation | null,
  place: Place,
  defined: Definition['fields'],
  template: Transformation | undefined,
  vendorName: string,
): Draft => {
  if (stored !== null) return withDefined(draftOf(stored, place), defined)
  if (above === null && template !== undefined) return draftOfTemplate(template, place, defined)
  if (above === null) return withDefined(newDraft(vendorName), defined)
  const heir: Draft = { ...newDraft(above.vendorName), passing: 'unsaid', isDocumented: false }
  return withDefined(withInherited(heir, above, place), defined)
}
