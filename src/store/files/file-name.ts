/** @throws Error where it is no name of a file: lower-case letters, digits and `-`, joined by single `.` and `/`. */
export const checkName = (name: string): string => {
  if (!/^[a-z0-9-]+(?:[./][a-z0-9-]+)*$/.test(name)) throw new Error(`'${name}' is no name of a file`)
  return name
}
