import { expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import type { Member, Product } from '../support/product.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member

onProduct((stage) => {
  ;({ product, member } = stage)
})

it('documents have one generic path, and the files of rows; the list of objects has neither', async () => {
  const auth = { headers: platform(member) }
  const { id, token } = (await connect(product, member)).json
  const swagger = (await ask(`${product.url}/instances/${id}/docs`, auth)).json
  const open = (await ask(`${product.url}/elements/concur/openapi`, auth)).json
  for (const { paths } of [swagger, open]) {
    expect(Object.keys(paths['/passthrough/{vendorPath}'])).toEqual(['get', 'post', 'put', 'patch', 'delete'])
    expect(Object.keys(paths['/reports/{id}/image'])).toEqual(['get', 'post', 'put'])
    expect(Object.keys(paths['/receipts/{id}/image'])).toEqual(['get'])
    expect(Object.keys(paths['/receipt-images'])).toEqual(['get', 'post'])
  }
  const image = swagger.paths['/reports/{id}/image']
  expect(image.get.produces).toContain('application/pdf')
  expect(image.get.responses['200'].schema).toEqual({ type: 'file' })
  expect(image.post.consumes).toEqual(expect.arrayContaining(['image/png', 'multipart/form-data']))
  expect(image.post.summary).toContain('10 MB')
  expect(swagger.paths['/passthrough/{vendorPath}'].post.produces).toEqual(['*/*'])
  expect(Object.keys(open.paths['/reports/{id}/image'].get.responses['200'].content)).toContain('image/png')
  // One call creates by JSON or by a file.
  expect(Object.keys(open.paths['/receipts'].post.requestBody.content)).toEqual(
    expect.arrayContaining(['application/json', 'application/pdf', 'multipart/form-data']),
  )
  const listed = await ask(`${product.url}/objects`, { headers: hub(member, token) })
  expect(listed.json).toContain('reports')
  expect(listed.json).not.toContain('passthrough')
})
