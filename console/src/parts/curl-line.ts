/** A call on a hub, as it is made here and shown as a command line. */
export interface HubQuery {
  readonly hub: string
  readonly resource: string
  readonly parameters: Readonly<Record<string, string>>
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A command line for a POSIX shell that works as it is pasted. */
export const curlLine = (
  query: HubQuery,
  secrets: { readonly user: string; readonly element: string },
): string => {
  const url = `${window.location.origin}/elements/api-v2/hubs/${query.hub}/${query.resource}`
  return [
    `curl -sG -H ${quoted(`Authorization: User ${secrets.user}, Element ${secrets.element}`)}`,
    ...Object.entries(query.parameters).map(
      ([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`,
    ),
    quoted(url),
  ].join(' \\\n  ')
}
