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

/** Whether the answer of an operation is a file: its JSON tells a content type, and that is none of JSON. */
export const givesFile = ({
  method,
  response,
}: Pick<ElementOperationJson, 'method' | 'response'>): boolean => {
  const type = response?.contentType?.trim() ?? ''
  return method.trim().toUpperCase() === 'GET' && type.includes('/') && !/json/i.test(type)
}

/** Whether an operation is about JSON alone. */
export const isPlain = (operation: Operation): boolean =>
  fileTakenBy(operation) === undefined && !givesFile(operation.json)
