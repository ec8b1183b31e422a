/** The value of a cookie in a request's header (RFC 6265 5.4), undefined when it is not sent. */
export const cookieNamed = (header: string | undefined, name: string): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
