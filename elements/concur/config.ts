import type { ConfigField } from '#src/element/index.ts'

/** Chooses the generation of SAP Concur's APIs. */
export const generationKey = 'concur.api.generation'

const generationField = (key: string, label: string, description: string): ConfigField => ({
  key,
  label,
  kind: 'choice',
  required: false,
  choices: ['current', 'v3'],
  description,
})

/** Configuration keys of a Concur instance, by the names that Cloud Elements gave them. */
export const concurConfig: readonly ConfigField[] = [
  {
    key: 'authentication.type',
    label: 'Authentication',
    kind: 'choice',
    required: false,
    defaultValue: 'oauth2',
    choices: ['oauth2', 'company', 'legacy', 'password'],
    description:
      'oauth2: a person consents. company: a company request token. legacy: the deprecated /net2/oauth2. password: login and password, where the operator allows it.',
  },
  {
    key: 'oauth.api.key',
    label: 'API key',
    kind: 'secret',
    required: true,
    description: 'Client ID of the application registered with SAP Concur.',
  },
  {
    key: 'oauth.api.secret',
    label: 'API secret',
    kind: 'secret',
    required: true,
    description: 'Client secret of that application.',
  },
  {
    key: 'oauth.callback.url',
    label: 'Callback URL',
    kind: 'text',
    required: true,
    onlyFor: ['oauth2'],
    description:
      'Where SAP Concur sends the person back; one of the addresses registered with the application.',
  },
  {
    key: 'oauth.scope',
    label: 'Scopes',
    kind: 'text',
    required: false,
    description: 'Scopes to ask for, separated by spaces.',
  },
  {
    key: 'concur.company.id',
    label: 'Company UUID',
    kind: 'text',
    required: true,
    onlyFor: ['company'],
    description: 'UUID of the company, as the Company Request Token tool of SAP Concur shows it.',
  },
  {
    key: 'concur.company.request.token',
    label: 'Company request token',
    kind: 'secret',
    required: true,
    onlyFor: ['company'],
    spent: true,
    description:
      'Made by an administrator of the company, good for 24 hours. It is used once and not stored.',
  },
  {
    key: 'concur.user.login',
    label: 'Login',
    kind: 'text',
    required: true,
    onlyFor: ['password'],
    description: 'Login or UUID of the person.',
  },
  {
    key: 'concur.user.password',
    label: 'Password',
    kind: 'secret',
    required: true,
    onlyFor: ['password'],
    spent: true,
    description: 'Used once and not stored.',
  },
  {
    key: 'concur.report.owner',
    label: 'Whose reports',
    kind: 'choice',
    required: false,
    choices: ['own', 'all'],
    description:
      "own: lists show the connected person's. all: everybody's, which needs the role Web Services Administrator (Can Administer). Not set: all for a company, own for a person.",
  },
  generationField(
    generationKey,
    'API generation',
    'current: each resource is served by the API that lives today. v3: by the deprecated one, where there was one. One resource alone: concur.api.generation.RESOURCE.',
  ),
  ...[
    'attendee-types',
    'expense-group-configurations',
    'expenses',
    'items',
    'itemizations',
    'lists',
    'locations',
    'users',
  ].map((name) =>
    generationField(
      `${generationKey}.${name}`,
      `API generation of ${name}`,
      `current or v3, for ${name} alone.`,
    ),
  ),
  {
    key: 'oauth.revoke.on.delete',
    label: 'Revoke on delete',
    kind: 'boolean',
    required: false,
    defaultValue: 'true',
    description:
      "true: deleting the instance makes SAP Concur forget the person's consent, unless another instance of the same person and application is left.",
  },
  {
    key: 'site.address',
    label: 'Data centre',
    kind: 'text',
    required: false,
    description: 'us2, eu2, apj1, usg, cn, us-impl, emea-impl, sandbox, or a host of SAP Concur.',
  },
]
