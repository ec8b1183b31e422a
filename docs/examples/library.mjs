// A small API to write an element for: the books of a library, behind a key. Its documentation is in
// docs/add-an-element.md. Start it with `node docs/examples/library.mjs`.
import { createServer } from 'node:http'

const key = 'reader-7'
const port = Number(process.env.LIBRARY_PORT ?? 8090)

const titles = ['The Tin Drum', 'Dubliners', 'Beloved', 'Middlemarch', 'Nadja', 'Ulysses', 'Jazz']
const authors = ['Grass', 'Joyce', 'Morrison', 'Eliot', 'Breton', 'Joyce', 'Morrison']
let clock = Date.UTC(2026, 0, 1)
const now = () => {
  clock += 60_000
  return new Date(clock).toISOString()
}
const books = new Map(
  titles.map((title, at) => [
    `b${at + 1}`,
    { ref: `b${at + 1}`, title, author: authors[at], lent: false, changed: now() },
  ]),
)
let last = books.size

const page = (query) => {
  const found = [...books.values()].filter(
    ({ author }) => !query.has('author') || author === query.get('author'),
  )
  const limit = Math.min(Number(query.get('limit') ?? 3), 3)
  const from = Number(query.get('after') ?? 0)
  const after = from + limit < found.length ? String(from + limit) : null
  return [200, { books: found.slice(from, from + limit), after }]
}

const create = (body) => {
  if (typeof body.title !== 'string') return [400, { message: 'a book needs a title' }]
  last += 1
  const book = { ref: `b${last}`, author: null, lent: false, ...body, changed: now() }
  books.set(book.ref, book)
  return [201, book]
}

const onBook = (method, ref, body) => {
  const book = books.get(ref)
  if (book === undefined) return [404, { message: `there is no book ${ref}` }]
  if (method === 'GET') return [200, book]
  if (method === 'DELETE') {
    books.delete(ref)
    return [204]
  }
  const changed = { ...book, ...body, ref, changed: now() }
  books.set(ref, changed)
  return [200, changed]
}

const answer = (request, url, body) => {
  if (request.headers['x-library-key'] !== key) return [401, { message: 'the key is wrong' }]
  const [, ref] = /^\/v1\/books(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  if (!url.pathname.startsWith('/v1/books')) return [404, { message: 'there are only books here' }]
  if (ref !== undefined) return onBook(request.method, decodeURIComponent(ref), body)
  return request.method === 'POST' ? create(body) : page(url.searchParams)
}

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const [status, body] = answer(
    request,
    new URL(request.url, 'http://library'),
    text === '' ? {} : JSON.parse(text),
  )
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}).listen(port, '127.0.0.1', () => process.stdout.write(`The library listens on http://127.0.0.1:${port}\n`))
