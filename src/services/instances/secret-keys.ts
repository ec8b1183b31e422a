import { configOf, type Element } from '#src/element/index.ts'

/**
 * Names whose values are no secret although no element declares them (spec/contract.md 2.2 and 6,
 * settings; spec/behaviour.md 2: the user name reads in clear).
 */
const knownPlain: readonly RegExp[] = [
  /^(?:user\.?name|name|tags|subdomain|base\.url|site\.?address|company\.?id)$/i,
  /^event\.(?!.*(?:signature|password|headers|secret|token|credential|auth|key))/i,
  /^(?:filter|bulk|pagination|site)\.(?!.*(?:secret|token|password|key))/i,
  /(?:^|\.)callback\.url$/i,
]

/** Words that, anywhere in a name, make its value one that may open something. */
const credentialWords =
  /pass|pwd|secret|token|credential|api[._-]?key|(?:^|[._-])keys?$|(?:^|[._-])(?:auth|pat|pin|otp|jwt|cert|certificate|cookie|session|bearer|signature|headers?|sid|sig|code)(?:$|[._-])|(?:private|access|secret|signing|encryption|shared|account|consumer|client|master)[._-]?key|authori[sz]ation|connection[._-]?string/i
/** The short ones of them inside `camelCase`. */
const credentialWordsInCamelCase =
  /[a-z](?:Keys?|Auth|Cert|Certificate|Code|Pin|Otp|Sid|Sig|Pat|Jwt)(?:$|[A-Z._-])/

const declaredKind = (element: Element, key: string) =>
  configOf(element).find((field) => field.key === key)?.kind

const isKnownPlain = (key: string): boolean => knownPlain.some((pattern) => pattern.test(key))

/**
 * Whether a value lies sealed in storage: all do, unless the element declares them otherwise or the
 * platform knows them, for a list of secret names is never complete.
 */
export const isSealedKey = (element: Element, key: string): boolean => {
  const kind = declaredKind(element, key)
  return kind === undefined ? !isKnownPlain(key) : kind === 'secret'
}

/**
 * Whether readers of the API see a mask instead of the value: what the element declares a secret, and of
 * the sealed rest whatever may be a credential by its name. Other values that a client added are its own
 * to read back.
 */
export const isSecretKey = (element: Element, key: string): boolean => {
  const kind = declaredKind(element, key)
  if (kind !== undefined) return kind === 'secret'
  return !isKnownPlain(key) && (credentialWords.test(key) || credentialWordsInCamelCase.test(key))
}
