/** A call with an Element token, as it is made here and shown as a command line. */
export interface ShownCall {
  /** Below the API's base address. */
  readonly path: string
  /** Of the address. */
  readonly parameters?: Readonly<Record<string, string>>
  /** GET where it is not said, POST of a form. */
  readonly method?: 'POST' | 'PUT'
  /** What the answer's file is to be called, and the type that is wanted of it. */
  readonly file?: { readonly name: string; readonly accept?: string | undefined }
  /** Fields of a form; a value that begins with `@` names a file. */
  readonly form?: Readonly<Record<string, string>>
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A command line for a POSIX shell that works as it is pasted. */
export const curlLine = (
  { path, parameters = {}, method, file, form = {} }: ShownCall,
  secrets: { readonly user: string; readonly element: string },
): string => {
  const given = Object.entries(parameters)
  const flags = `-s${given.length === 0 ? '' : 'G'}${file === undefined ? '' : 'Sf'}`
  const asked = method === undefined ? '' : ` -X ${method}`
  return [
    `curl ${flags}${asked} -H ${quoted(`Authorization: User ${secrets.user}, Element ${secrets.element}`)}`,
    ...(file?.accept === undefined ? [] : [`-H ${quoted(`Accept: ${file.accept}`)}`]),
    ...(file === undefined ? [] : [`-o ${quoted(file.name)}`]),
    ...given.map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`),
    ...Object.entries(form).map(
      ([name, value]) => `${value.startsWith('@') ? '-F' : '--form-string'} ${quoted(`${name}=${value}`)}`,
    ),
    quoted(`${window.location.origin}/elements/api-v2/${path}`),
  ].join(' \\\n  ')
}
