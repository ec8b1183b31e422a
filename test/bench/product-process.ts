// The product as `serve` builds it, in a process of its own that also tells its counters: its parent asks
// `counts`, and gets how many SQL statements were sent and how many of them wrote the request log.
import { createApi } from '#src/api/index.ts'
import { readConfig } from '#src/main/config.ts'
import { openContext } from '#src/main/context.ts'
import { connect, hub } from '../support/client.ts'
import { makeMapped } from './mapped-resources.ts'
import { obeyParent } from './obey-parent.ts'

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

const counts = async (): Promise<object> => {
  await context.requestLog.flush()
  return { statements: context.statementCount(), logWrites: context.requestLog.writes() }
}

obeyParent({ port, authorization }, counts, async () => {
  await api.stop()
  await unwatch()
  await context.close()
})
