import type { ConfigField } from '#src/element/index.ts'

/** Configuration keys of a Concur instance, by the names that Cloud Elements gave them. */
export const concurConfig: readonly ConfigField[] = [
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
    key: 'site.address',
    label: 'Data centre',
    kind: 'text',
    required: false,
    description: 'us2, eu2, apj1, usg, cn, us-impl, emea-impl, sandbox, or a host of SAP Concur.',
  },
]
