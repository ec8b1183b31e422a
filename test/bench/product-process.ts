// The product as `serve` builds it, in a process of its own that also tells its counters: its parent asks
// `counts`, and gets how many SQL statements were sent and how many of them wrote the request log.
import { createApi } from '#src/api/index.ts'
import { readConfig } from '#src/main/config.ts'
import { openContext } from '#src/main/context.ts'
import { connect, hub } from '../support/client.ts'
import { makeMapped } from './mapped-resources.ts'

const password = 'correct horse battery'
const email = 'admin@northwind.example'

const context = await openContext(
  readConfig(process.env),
  (_step, run) => run(),
  () => undefined,
)
const unwatch = await context.instances.watch()
const api = createApi(context, { logger: context.logger, trustProxy: false })
const { port } = await api.listen('127.0.0.1', 0)

const { organizationSecret, userSecret } = await context.accounts.addOrganization(
  'Northwind',
  email,
  password,
)
const admin = { email, password, user: userSecret, organization: organizationSecret }
const url = `http://127.0.0.1:${port}/elements/api-v2`
const made = await connect({ url }, admin)
if (made.status !== 200) throw new Error(`the instance could not be made: ${made.text}`)
await makeMapped(url, admin)
const { authorization } = hub(admin, String(made.json.token))

const counts = async (): Promise<void> => {
  await context.requestLog.flush()
  process.send?.({ statements: context.statementCount(), logWrites: context.requestLog.writes() })
}

let ending = false
const end = async (): Promise<void> => {
  if (ending) return
  ending = true
  await api.stop()
  await unwatch()
  await context.close()
  process.exit(0)
}
process.on('message', (word) => {
  if (word === 'counts') void counts()
})
process.on('disconnect', () => void end())
process.on('SIGTERM', () => void end())
process.send?.({ port, authorization })
