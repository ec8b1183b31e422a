import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  type Resource,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { ifStillThere, rowsIn } from '../lookups.ts'
import { datetime, object, required, text } from './fields.ts'
import { allPages, imageTypes, tenMegabytes } from './images.ts'
import { byPerson } from './v4-paths.ts'

/**
 * Receipts of a person, on Receipts v4: e-receipts, which are JSON by a schema, and receipts that are an image only. Only
 * those that came by this API come back.
 * Source: SAP Concur, Receipts v4 (spec/concur.md 3.4), compared 2026-08.
 */
const base = '/receipts/v4'
const users = `${base}/users/{userId}`
const read = ['receipts.read', 'RCTIMG'] as const
const write = ['receipts.write', 'RCTIMG'] as const
const twentyFiveMegabytes = 25 * 1024 * 1024

const pathOf = async (port: VendorPort, given: Given): Promise<string> => {
  const userId = await port.place('userId', given, port.principalOf(['user', 'company']))
  return `${base}/users/${encodeURIComponent(userId)}`
}

const list = async (port: VendorPort, given: Given): Promise<readonly JsonObject[]> => {
  const path = await pathOf(port, given)
  const whole = await port.ask({ method: 'GET', path })
  const images = await port.ask({ method: 'GET', path: `${path}/image-only-receipts` })
  return [...rowsIn(whole.body, 'receipts'), ...rowsIn(images.body, 'imageOnlyReceipts')]
}

const one = async (port: VendorPort, id: string): Promise<JsonObject | undefined> => {
  const name = encodeURIComponent(id)
  const whole = await ifStillThere(() => port.ask({ method: 'GET', path: `${base}/${name}` }))
  const found = whole ?? (await port.ask({ method: 'GET', path: `${base}/image-only-receipts/${name}` }))
  return isRecord(found.body) ? found.body : undefined
}

/** A form with one part of JSON: receipts are posted as forms, with or without an image. */
const formOf = (name: string, value: JsonObject) => {
  const boundary = 'amalgam-receipt-9f4c1f0d7a'
  const json = JSON.stringify(value)
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/json\r\n\r\n`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    text: `${head}${json}\r\n--${boundary}--\r\n`,
  }
}

const create = async (port: VendorPort, body: JsonObject, given: Given): Promise<string> => {
  const { receipt, validationSchema } = body
  if (!isRecord(receipt)) throw badInput('receipt: send the receipt as an object, by its schema.')
  if (typeof validationSchema !== 'string' || !/^https?:\/\/[^\s<>]+$/.test(validationSchema))
    throw badInput('validationSchema: name the address of the schema that the receipt follows.')
  const { headers } = await port.ask({
    method: 'POST',
    path: await pathOf(port, given),
    headers: { link: `<${validationSchema}>;rel=describedBy` },
    text: formOf('receipt', receipt),
  })
  const id = headers.location?.split('/').at(-1)
  if (id !== undefined && id !== '') return decodeURIComponent(id)
  throw vendorFailed('receipts: created, but the reply names no id.')
}

export const receipts: Resource = {
  name: 'receipts',
  title: 'Receipts',
  key: 'id',
  keepUnknown: true,
  source: 'SAP Concur, Receipts v4 (spec/concur.md 3.4), compared 2026-08',
  address: byPerson(
    'UUID of the person whose receipts are meant; absent: the connected one. A company names a person.',
  ),
  fields: {
    id: text('read', 'Id of the receipt.'),
    receipt: required(object('once', 'The receipt itself, by its schema.')),
    validationSchema: required(text('once', 'Address of the schema that the receipt follows.')),
    userId: text('read', 'UUID of the person whose it is.'),
    companyId: text('read', 'UUID of the company.'),
    entityId: text('read', 'Id of the company in Expense.'),
    dateTimeReceived: datetime('read', 'When it came in, UTC.'),
    modifiedAt: datetime('read', 'Last change, UTC.'),
    digitizationStatus: text('read', 'ACCEPTED, PROCESSING, PROCESSED, FAILED or NO_PROCESSING_REQUIRED.'),
    image: text('read', 'Address of its image at SAP Concur; read it at /receipts/{id}/image.'),
    self: text('read', 'Address of the receipt at SAP Concur.'),
    forwardId: object('read', 'Id that its sender gave it.'),
  },
  verbs: {
    search: {
      kind: 'coded',
      why: 'E-receipts and images are listed at two addresses.',
      method: 'GET',
      path: users,
      scopes: read,
      run: async (port, { filters }) => ({ rows: await list(port, filters), next: null }),
    },
    retrieve: {
      kind: 'coded',
      why: 'E-receipts and images are found at two addresses.',
      method: 'GET',
      path: `${base}/{id}`,
      scopes: read,
      run: (port, { id }) => one(port, id),
    },
    create: {
      kind: 'coded',
      why: 'A receipt is posted as a part of a form, with its schema in a header.',
      method: 'POST',
      path: users,
      scopes: write,
      run: (port, { body, given }) => create(port, body, given),
    },
  },
  upload: {
    title: 'a receipt',
    types: imageTypes,
    mostBytes: twentyFiveMegabytes,
    call: { method: 'POST', path: `${users}/image-only-receipts`, scopes: write, form: { file: 'image' } },
    newId: { kind: 'location' },
  },
  contents: {
    image: {
      title: 'Image of a receipt',
      types: imageTypes,
      mostBytes: twentyFiveMegabytes,
      read: {
        method: 'GET',
        path: `${base}/{id}/image`,
        scopes: read,
        orElse: { method: 'GET', path: `${base}/image-only-receipts/{id}/image` },
      },
    },
    status: {
      title: 'Processing of a receipt',
      types: ['application/json'],
      mostBytes: 1024 * 1024,
      read: { method: 'GET', path: `${base}/status/{id}`, scopes: read },
    },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
}

const path = '/api/v3.0/expense/receiptimages'
const scopes = ['IMAGE'] as const
const user = { user: '{user}' } as const

/** Receipt images, on Receipt Images v3: a change appends a page. */
export const receiptImages: Resource = {
  name: 'receipt-images',
  title: 'Receipt images',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Receipt Images v3 (spec/concur.md 3.4), compared 2026-08',
  address: [{ name: 'user', description: "Login of the owner, where it is not the connected person's." }],
  fields: {
    ID: text('read', 'Id of the image.'),
    URI: text(
      'read',
      'Address of the image at SAP Concur; of one image read alone, an address that gives the file for some minutes.',
    ),
  },
  verbs: {
    search: { method: 'GET', path, rows: 'Items', scopes, query: user },
    retrieve: { method: 'GET', path: `${path}/{id}`, scopes, query: user },
    remove: { method: 'DELETE', path: `${path}/{id}`, scopes, query: user },
  },
  upload: {
    title: 'a receipt image',
    types: imageTypes,
    mostBytes: tenMegabytes,
    call: { method: 'POST', path, scopes, query: user },
    newId: { kind: 'field', name: 'ID' },
  },
  contents: {
    image: {
      title: 'Receipt image',
      types: imageTypes,
      mostBytes: tenMegabytes,
      mostReadBytes: allPages,
      read: {
        method: 'GET',
        path: `${path}/{id}`,
        scopes,
        query: user,
        link: { path: ['URI'], xmlName: 'URI' },
      },
      write: { method: 'PUT', path: `${path}/{id}`, scopes, query: user },
    },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
