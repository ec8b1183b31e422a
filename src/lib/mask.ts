/** What stands where a secret stood. */
const masked = '***'

/** Shorter ones would hide ordinary words, and protect nothing. */
const shortest = 4

const inForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** How a text is written inside URLs, forms, JSON and markup, besides as it is. */
const spellings = (secret: string): readonly string[] => {
  const text = secret.toWellFormed()
  const inUrl = encodeURIComponent(text)
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    inUrl,
    inUrl.replace(/%../g, (code) => code.toLowerCase()),
    inForm(text),
    inJson,
    inJson.replaceAll('/', '\\/'),
    inHtml(secret),
    inHtml(secret).replaceAll("'", '&#39;'),
  ]
}

/**
 * Letters, digits, `_`, `.` and `-` are written as they are in every spelling, and all else never becomes one of them:
 * in a text of these, such as the id of a reply, a secret can only stand as it is.
 */
const plain = /^[\w.-]*$/

/** The secrets that may stand in the text: no spelling is shorter than its secret. */
const secretsThatFit = (text: string, secrets: readonly string[]): readonly string[] => {
  const fitting = secrets.filter(({ length }) => length >= shortest && length <= text.length)
  return fitting.length > 0 && plain.test(text) ? fitting.filter((secret) => text.includes(secret)) : fitting
}

/** The text with `***` in place of each of the secrets, in any of the spellings that replies use. */
export const maskSecrets = (text: string, secrets: readonly string[]): string => {
  const fitting = secretsThatFit(text, secrets)
  if (fitting.length === 0) return text
  const found = fitting.flatMap(spellings)
  // A secret may be a part of another: the longer one goes first, and whole.
  return [...new Set(found)]
    .sort((one, other) => other.length - one.length)
    .reduce((rest, spelling) => (rest.includes(spelling) ? rest.replaceAll(spelling, masked) : rest), text)
}

/** Names of fields, parameters and headers whose values nobody else should read (RFC 6749, 6750, 7521, 7636). */
const secretName =
  /secret|token|passw|passphrase|credential|assertion|authori[sz]ation|cookie|api.?key|^code(_verifier)?$|^otp$/i

/** Whether a value of this name is taken for a secret. */
export const isSecretName = (name: string): boolean => secretName.test(name)

/** Secrets of ours (`newSecret`), also percent-encoded, and tokens in the form of RFC 7519. */
const secretShape = /(?:[A-Za-z0-9+/]|%2[BF]){43}(?:=|%3D)|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/gi

/** Without one of these a text, such as the path of nearly every call, has no secret in it. */
const mayHoldOne = /=|%3d|eyJ/i

/** The text with `***` in place of what can only be a secret by its form, wherever it came from. */
export const maskShapes = (text: string): string =>
  mayHoldOne.test(text) ? text.replace(secretShape, masked) : text
