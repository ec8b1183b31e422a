import type { Instance } from '../api/shapes.ts'

type Configuration = Instance['configuration']

export const objectsKey = 'event.objects'
const urlsKey = 'event.poller.urls'
const pollersKey = 'event.poller.configuration'

/** Old templates have a placeholder where nobody chose. */
const namesIn = (text: string | null | undefined, between: RegExp): readonly string[] => {
  const names = (text ?? '').split(between).map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== '' && name !== '{objectName}'))]
}

/** A line of the oldest form, `resource|url|...`, configures a resource; any other names some. */
const isLine = (line: string): boolean => /^[^|]+\|\s*(\/|https?:|hubs\/)/.test(line)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The resources that a poller configuration has an entry for; a text that is none has none. */
const entriesIn = (text: string): readonly string[] => {
  // Texts of old templates have line breaks inside their strings.
  const value = parsed(text) ?? parsed(text.replaceAll(/[\r\n\t]/g, ''))
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

/** What is watched of an instance where nothing is chosen; none: what its element watches by itself. */
export const configuredNames = (configuration: Configuration): readonly string[] => {
  const lines = namesIn(configuration[urlsKey], /\r?\n/)
  const names = lines.filter((line) => !isLine(line)).flatMap((line) => namesIn(line, /\|/))
  if (names.length > 0) return [...new Set(names)]
  const ofLines = lines.filter(isLine).flatMap((line) => namesIn(line, /\|/).slice(0, 1))
  return [...new Set([...entriesIn(configuration[pollersKey] ?? ''), ...ofLines])]
}

/** What is watched of an instance, in the order in which the API asks its keys. */
export const watchedNames = (configuration: Configuration): readonly string[] => {
  const chosen = namesIn(configuration[objectsKey], /,/)
  return chosen.length > 0 ? chosen : configuredNames(configuration)
}
