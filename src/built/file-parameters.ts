import type { ElementOperationJson, ElementParameterJson } from '#src/contract/index.ts'
import type { Operation } from './operation.ts'

const carriers = new Set(['multipart', 'form', 'body'])

const isFileType = (text: string | null | undefined): boolean => text?.trim().toLowerCase() === 'file'

/** Whether a parameter of element JSON is a file that goes to the vendor: `dataType` `file`, in a form or as the body. */
export const isFileParameter = ({
  type,
  vendorType,
  dataType,
  vendorDataType,
  source,
}: ElementParameterJson): boolean =>
  source?.trim().toLowerCase() !== 'response' &&
  (isFileType(dataType) || isFileType(vendorDataType)) &&
  (carriers.has(type) || carriers.has(vendorType?.trim() ?? ''))

const methods = new Set(['POST', 'PUT', 'PATCH'])

/** Whether a file may come with a method, in capitals. */
export const takesFiles = (method: string): boolean => methods.has(method)

/** The file that an operation takes of its callers; undefined: none. */
export const fileTakenBy = ({ method, parameters }: Operation): ElementParameterJson | undefined =>
  takesFiles(method) ? parameters.find(isFileParameter) : undefined

/** The part of the vendor's form that is the file; undefined: the file is the body. */
export const vendorPartOf = ({
  name,
  type,
  vendorType,
  vendorName,
}: ElementParameterJson): string | undefined =>
  (vendorType?.trim() || type) === 'body' ? undefined : vendorName?.trim() || name

/** Types of bodies that are read as values, by hooks at least. */
const isValueType = (type: string): boolean => /json|xml|x-www-form-urlencoded/i.test(type)

/** Whether rows are taken out of what an operation is answered. */
const takesRows = ({ rootKey, paginationType, parameters }: ElementOperationJson): boolean =>
  (rootKey ?? '').replace(/^[^|]*\|/, '').trim() !== '' ||
  paginationType?.trim().toUpperCase() === 'VENDOR_SUPPORTED' ||
  (parameters ?? []).some(({ name, type }) => name === 'where' && type === 'query')

/** Whether the answer of an operation is a file: its JSON tells a content type that is none of values. */
export const givesFile = (json: ElementOperationJson): boolean => {
  const type = json.response?.contentType?.trim() ?? ''
  if (json.method.trim().toUpperCase() !== 'GET' || !type.includes('/') || isValueType(type)) return false
  return type !== '*/*' || !takesRows(json)
}

/** Whether an operation is about JSON alone. */
export const isPlain = (operation: Operation): boolean =>
  fileTakenBy(operation) === undefined && !givesFile(operation.json)
