import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { type DavServer, noDavServer, startDavServer } from './dav-server.ts'
import { connectDav, type Documents, documentsHub } from './documents.ts'
import { loopbackAllowed } from './events.ts'
import { type Product, startProduct } from './product.ts'

/** A WebDAV server, the product, and an instance that connects them, for all tests of a file. */
export const onDocuments = () => {
  let product: Product
  let dav: DavServer
  let token: string

  if (noDavServer !== undefined) process.stdout.write(`stories of WebDAV are left out: ${noDavServer}\n`)
  else {
    beforeAll(async () => {
      dav = await startDavServer()
      product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
      const made = await connectDav(product, dav)
      expect(made.status, made.text).toBe(200)
      token = made.json.token
    })
    beforeEach(() => dav.asked())
    afterAll(async () => {
      await product?.close()
      await dav?.close()
    })
  }
  const call: Documents = (path, options) => documentsHub(product, token)(path, options)
  return { call, product: () => product, dav: () => dav, token: () => token }
}
