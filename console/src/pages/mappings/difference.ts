import type { Setting, TransformationInput } from '../../api/mapping.ts'

/** One thing that saving would change. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly what: string
  /** As it is stored; undefined where nothing is. */
  readonly before: string | undefined
  readonly after: string | undefined
}

type Field = TransformationInput['fields'][number]

const settingText = ({ type, properties = {} }: Setting): string => {
  const values = Object.entries(properties).map(([name, value]) => `${name} ${String(value)}`)
  return values.length === 0 ? type : `${type}: ${values.join(', ')}`
}

const fieldText = (field: Field): string =>
  [
    field.vendorPath === undefined ? 'mapped to nothing' : `from ${field.vendorPath}`,
    field.type,
    ...field.configuration.map(settingText),
  ].join('; ')

/** What is compared, by its name. */
type Parts = ReadonlyMap<string, string>

const partsOf = (input: TransformationInput | undefined): Parts => {
  const parts = new Map<string, string>()
  if (input === undefined) return parts
  parts.set("The vendor's resource", input.vendorName)
  for (const field of input.fields) parts.set(`Field ${field.path}`, fieldText(field))
  for (const setting of input.configuration) parts.set(`Option ${setting.type}`, settingText(setting))
  if (input.script === undefined) return parts
  const { body, filterEmptyResponse = false } = input.script
  parts.set('Script', body)
  parts.set('Engine of the script', input.isLegacy ? 'legacy, by return' : 'by done(...)')
  parts.set('Empty results of the script', filterEmptyResponse ? 'left out' : 'kept')
  return parts
}

/** What saving changes, in the order of what is shown: fields, options, script. */
export const changesBetween = (
  stored: TransformationInput | undefined,
  next: TransformationInput,
): readonly Change[] => {
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
