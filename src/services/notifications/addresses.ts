import { AppError } from '#src/lib/errors.ts'

const most = 50

const plain = String.raw`[^\s@<>(),;:"]+@[^\s@<>(),;:"]+`
/** An address, or one behind a name without signs of its own. */
const pattern = new RegExp(String.raw`^(?:${plain}|[^<>@,;:"\r\n]{1,200}<${plain}>)$`, 'u')

/** @throws AppError `bad-request` naming the field. */
export const emailAddress = (field: string, text: string): string => {
  const address = text.trim()
  if (pattern.test(address) && address.length <= 500) return address
  throw new AppError('bad-request', `${field}: '${address.slice(0, 80)}' is no e-mail address.`)
}

/** One address or several, as a list or with commas between. @throws AppError `bad-request` naming the field. */
export const emailAddresses = (field: string, value: unknown): readonly string[] => {
  const texts = Array.isArray(value) ? (value as readonly unknown[]) : [value]
  const found = texts.flatMap((text) => (typeof text === 'string' ? text.split(/[,;]/) : []))
  const addresses = found.filter((text) => text.trim() !== '').map((text) => emailAddress(field, text))
  if (addresses.length >= 1 && addresses.length <= most) return addresses
  throw new AppError('bad-request', `${field}: from 1 to ${most} e-mail addresses.`)
}
