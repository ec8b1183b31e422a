import type { ConfigField } from '#src/element/index.ts'

/** Configuration keys of an instance, by the names that Cloud Elements gave them. */
export const hubspotConfig: readonly ConfigField[] = [
  {
    key: 'oauth.api.key',
    label: 'Client ID',
    kind: 'secret',
    required: true,
    description: 'Client ID of the app made at HubSpot.',
  },
  {
    key: 'oauth.api.secret',
    label: 'Client secret',
    kind: 'secret',
    required: true,
    description: 'Client secret of that app.',
  },
  {
    key: 'oauth.callback.url',
    label: 'Callback URL',
    kind: 'text',
    required: true,
    description: 'Where HubSpot sends the person back; one of the redirect URLs of the app.',
  },
  {
    key: 'oauth.scope',
    label: 'Scopes',
    kind: 'text',
    required: false,
    description: 'Scopes to ask for, separated by spaces.',
  },
  {
    key: 'site.address',
    label: 'Where',
    kind: 'text',
    required: false,
    description: 'hubspot, or sandbox where one runs beside this server.',
  },
]
