/** What is wrong with the two times of a range. */
interface Faults {
  readonly from: string | undefined
  readonly to: string | undefined
}

export const noFault: Faults = { from: undefined, to: undefined }

/** Else browsers let a year have six digits. */
export const lastTime = '9999-12-31T23:59'

const faultOf = ({ value, validity }: HTMLInputElement): string | undefined => {
  // A field that is half filled in has no value, and would open the range.
  if (validity.badInput) return 'This time is not complete.'
  // A year is typed digit by digit: it is 2, 20 and 202 on its way to 2026.
  return value === '' || Date.parse(value) >= 0 ? undefined : 'Choose a time in 1970 or later.'
}

/** What is wrong with two fields for times: an empty one leaves its end of the range open. */
export const faultsOf = (from: HTMLInputElement, to: HTMLInputElement): Faults => {
  const faults = { from: faultOf(from), to: faultOf(to) }
  const isBackwards = Date.parse(to.value) < Date.parse(from.value)
  return isBackwards && faults.from === undefined && faults.to === undefined
    ? { ...faults, to: 'This is before From.' }
    : faults
}

/** A time of a field, which has no zone and means the person's own, in ISO 8601. */
export const isoOf = ({ value }: HTMLInputElement): string =>
  value === '' ? '' : new Date(value).toISOString()
