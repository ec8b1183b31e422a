// What S3 answers is flat XML of a known form, so that it is read by its tags.

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const unescapeXml = (text: string): string =>
  text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi,
    (all, hex, decimal, name: string | undefined) => {
      if (name !== undefined) return entities[name] ?? all
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
    },
  )

/** What is between every `<tag>` and its end, as it stands. */
export const blocksOf = (xml: string, tag: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, inside = '']) => inside)

/** The texts of all of that tag. */
export const textsOf = (xml: string, tag: string): readonly string[] => blocksOf(xml, tag).map(unescapeXml)

/** The text of the first of that tag; undefined: there is none, or it is empty. */
export const textOf = (xml: string, tag: string): string | undefined => textsOf(xml, tag)[0] || undefined

/** A text as it stands in XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
