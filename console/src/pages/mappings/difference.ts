import type { Setting } from '../../api/mapping.ts'
import { type Draft, type DraftField, isOwn, passingWords } from './draft.ts'

/** One thing that saving would change. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly what: string
  /** As it is stored; undefined where nothing is. */
  readonly before: string | undefined
  readonly after: string | undefined
}

const settingText = ({ properties }: Setting): string => {
  const values = Object.entries(properties ?? {}).map(([name, value]) => `${name} ${String(value)}`)
  return values.length === 0 ? 'yes' : values.join(', ')
}

const fieldText = ({ vendorPath, type, remove, datePattern, rest }: DraftField): string =>
  [
    vendorPath.trim() === '' ? 'mapped to nothing' : `the vendor's ${vendorPath.trim()}`,
    type,
    ...(remove.fromVendor ? ['kept back from readers'] : []),
    ...(remove.toVendor ? ['never sent to the vendor'] : []),
    ...(datePattern.trim() === '' ? [] : [`dates as ${datePattern.trim()}`]),
    ...rest.settings.map((setting) => `${setting.type} ${settingText(setting)}`),
  ].join(', ')

/** What is compared, by its name. */
type Parts = ReadonlyMap<string, string>

const partsOf = (draft: Draft | undefined): Parts => {
  const parts = new Map<string, string>()
  if (draft === undefined) return parts
  parts.set('Resource of the vendor', draft.vendorName)
  for (const field of draft.fields.filter(isOwn)) parts.set(`Field ${field.path.trim()}`, fieldText(field))
  parts.set('What is not mapped', passingWords[draft.passing])
  if (draft.inherits) parts.set('Inherit', 'yes')
  if (draft.isDocumented) parts.set('Add to documentation', 'yes')
  for (const setting of draft.settings) parts.set(`Option ${setting.type}`, settingText(setting))
  const { body, filterEmptyResponse } = draft.script
  if (body.trim() === '') return parts
  parts.set('Script', body)
  parts.set('Engine of the script', draft.isLegacy ? 'returns the object (legacy)' : 'calls done(object)')
  if (filterEmptyResponse) parts.set('Leave out empty results', 'yes')
  return parts
}

/** What saving changes, in the order of what is shown: fields, options, script. */
export const changesBetween = (stored: Draft | undefined, next: Draft): readonly Change[] => {
  const before = partsOf(stored)
  const after = partsOf(next)
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.flatMap((what): Change[] => {
    const [was, becomes] = [before.get(what), after.get(what)]
    if (was === becomes) return []
    const kind = was === undefined ? 'added' : becomes === undefined ? 'removed' : 'changed'
    return [{ kind, what, before: was, after: becomes }]
  })
}
