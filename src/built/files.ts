import type { ElementParameterJson } from '#src/contract/index.ts'
import type { Content, UploadCreate, UploadForm } from '#src/element/index.ts'
import { fileTakenBy } from './file-parameters.ts'
import type { Operation } from './operation.ts'
import { type Built, fileRequestOf } from './run-operation.ts'
import { askedOf, call, runCreate } from './verbs.ts'

/** What this server takes at once; a vendor may take less, and says so. */
const mostBytes = 1024 * 1024 * 1024

const anyType = ['*/*'] as const

const inForm = new Set(['form', 'multipart', 'bodyField'])

/** What callers send in a form; undefined: the file is their body. */
const formOf = (taken: ElementParameterJson, { parameters }: Operation): UploadForm | undefined => {
  if (taken.type === 'body') return undefined
  const texts = parameters.filter(
    (one) => one !== taken && inForm.has(one.type) && one.source?.trim().toLowerCase() !== 'response',
  )
  return {
    file: taken.name,
    texts: texts.map(({ name, description, required }) => ({
      ...{
        name,
        description: description?.trim() || 'It goes to the provider.',
        required: required === true,
      },
    })),
  }
}

/**
 * How an operation takes a file; undefined: it takes none.
 * @param canRetrieve whether a row can be read back whose id alone is told.
 */
export const uploadOf = (
  built: Built,
  operation: Operation | undefined,
  canRetrieve: boolean,
): UploadCreate | undefined => {
  const taken = operation === undefined ? undefined : fileTakenBy(operation)
  if (operation === undefined || taken === undefined) return undefined
  const form = formOf(taken, operation)
  return {
    title: operation.description,
    types: anyType,
    mostBytes,
    mayBeEmpty: true,
    ...(form === undefined ? {} : { form }),
    call: {
      ...call(operation),
      run: (port, { given, file, fields }) => {
        const body = Object.keys(fields).length === 0 ? undefined : fields
        const asked = { ...askedOf(operation, given), body, file, where: null }
        return runCreate(built, operation, port, asked, canRetrieve)
      },
    },
  }
}

/** The file that an operation answers. */
export const contentOf = (built: Built, operation: Operation): Content => ({
  title: operation.description,
  types: [operation.json.response?.contentType?.trim() || '*/*'],
  mostBytes,
  read: {
    ...call(operation),
    run: async (port, { id, given }) => {
      const asked = {
        ...askedOf(operation, id === '' ? given : { ...given, id }),
        body: undefined,
        where: null,
      }
      return { request: await fileRequestOf(built, operation, port, asked) }
    },
  },
})
