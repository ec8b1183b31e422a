import type { Element, Sandbox } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { Caller, InstanceView } from '#src/services/index.ts'
import type { Context } from './context.ts'
import { type Credentials, credentialsPath, readCredentials, writeCredentials } from './credentials-file.ts'
import { newPassword } from './new-password.ts'

const sandboxTag = 'amalgam-sandbox'

/** The administrator of `credentials.sh`, with the secrets that a start cut off may not have written. */
const administrator = async (
  context: Context,
): Promise<{ caller: Caller; credentials: Credentials } | null> => {
  const { config, accounts } = context
  const credentials = await readCredentials(credentialsPath(config.dataDir))
  const email = credentials.AMALGAM_EMAIL ?? config.adminEmail
  const found = await accounts.memberByEmail(email)
  if (found === null) return null
  const { caller, userSecret, organizationSecret } = found
  return {
    caller,
    credentials: {
      ...credentials,
      AMALGAM_EMAIL: email,
      AMALGAM_ORGANIZATION: organizationSecret,
      AMALGAM_USER: userSecret,
    },
  }
}

/**
 * Makes the first organization, account and administrator where there is none, and completes
 * `credentials.sh`. The password is written before it is used, so that a start cut off between the two
 * leaves none that nobody knows.
 */
export const ensureAdministrator = async (context: Context): Promise<void> => {
  const { config, accounts } = context
  const path = credentialsPath(config.dataDir)
  const before = await readCredentials(path)
  if (await accounts.hasAdministrator()) {
    const there = (await administrator(context))?.credentials ?? before
    await writeCredentials(path, { ...there, AMALGAM_URL: config.publicUrl })
    return
  }
  const password = config.adminPassword ?? before.AMALGAM_PASSWORD ?? newPassword()
  const start: Credentials = {
    AMALGAM_URL: config.publicUrl,
    AMALGAM_EMAIL: config.adminEmail,
    AMALGAM_PASSWORD: password,
  }
  await writeCredentials(path, start)
  const made = await accounts.addOrganization('Amalgam', config.adminEmail, password)
  await writeCredentials(path, {
    ...start,
    AMALGAM_ORGANIZATION: made.organizationSecret,
    AMALGAM_USER: made.userSecret,
  })
}

/** Walks the consent page as a person would, where the sandbox consents by itself. */
const consentCode = async (
  context: Context,
  element: Element,
  sandbox: Sandbox,
  caller: Caller,
  callbackUrl: string,
): Promise<string> => {
  const { oauthUrl } = context.catalogue.oauthUrl(element.key, {
    apiKey: sandbox.apiKey,
    apiSecret: undefined,
    callbackUrl,
    scope: undefined,
    siteAddress: undefined,
    state: undefined,
    authType: undefined,
    properties: {},
    codeChallenge: context.instances.codeChallenge(caller, {
      elementKey: element.key,
      apiKey: sandbox.apiKey,
      callbackUrl,
    }),
  })
  const page = new URL(oauthUrl)
  for (const [name, value] of Object.entries(sandbox.consent)) page.searchParams.set(name, value)
  const reply = await context.outbound.send({
    method: 'GET',
    url: page.href,
    timeoutMs: 10_000,
    purpose: 'vendor',
  })
  const target = reply.headers.location
  const code = target === undefined ? null : new URL(target, page).searchParams.get('code')
  if (code !== null) return code
  throw new StartError(
    `The sandbox gave no authorization code (HTTP ${reply.status}). Is another program on its port?`,
  )
}

/** What the sandbox gives to connect a whole company by, under the keys of the configuration. */
const companyConfiguration = async (
  context: Context,
  element: Element,
  { company, apiKey }: Sandbox,
): Promise<Readonly<Record<string, string>>> => {
  if (company === undefined) return {}
  const { apiUrl } = element.vendor.siteOf({ siteAddress: undefined, apiKey, configured: () => undefined })
  const reply = await context.outbound.send({
    method: 'POST',
    url: `${apiUrl}${company.path}`,
    timeoutMs: 10_000,
    purpose: 'vendor',
  })
  const fields = JSON.parse(reply.body.toString('utf8')) as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(company.configuration).map(([key, field]) => [key, String(fields[field])]),
  )
}

const sandboxInstance = async (
  context: Context,
  caller: Caller,
  element: Element,
): Promise<InstanceView | undefined> => {
  try {
    const found = await context.instances.list(caller, {
      tags: [sandboxTag],
      searchText: undefined,
      element: element.key,
    })
    return found.find((instance) => instance.valid)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined
    throw error
  }
}

const connect = async (
  context: Context,
  caller: Caller,
  element: Element,
  sandbox: Sandbox,
): Promise<InstanceView> => {
  const callbackUrl = `${context.config.publicUrl}/callback`
  const code = await consentCode(context, element, sandbox, caller, callbackUrl)
  return context.instances.create(
    caller,
    {
      elementKeyOrId: element.key,
      name: `${element.title} sandbox`,
      tags: [sandboxTag],
      configuration: {
        'oauth.api.key': sandbox.apiKey,
        'oauth.api.secret': sandbox.apiSecret,
        'oauth.callback.url': callbackUrl,
        ...sandbox.configuration,
        ...(await companyConfiguration(context, element, sandbox)),
      },
      providerData: { code },
      externalAuthentication: undefined,
    },
    () => undefined,
  )
}

/**
 * Connects the administrator to the sandbox through its real consent flow, unless that was done before,
 * and completes `credentials.sh`.
 */
export const ensureSandboxInstance = async (
  context: Context,
  element: Element,
  sandbox: Sandbox,
): Promise<void> => {
  const who = await administrator(context)
  if (who === null) return
  const instance =
    (await sandboxInstance(context, who.caller, element)) ??
    (await connect(context, who.caller, element, sandbox))
  await writeCredentials(credentialsPath(context.config.dataDir), {
    ...who.credentials,
    AMALGAM_ELEMENT: instance.token,
  })
}
