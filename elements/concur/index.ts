// SAP Concur: travel and expense. Data only; what the vendor does differently is told in README.md.
import type { Element, ElementEnvironment } from '#src/element/index.ts'
import { concurConfig } from './config.ts'
import { concurErrors, concurErrorWords, concurRefusals } from './errors.ts'
import { expenses } from './resources/expenses.ts'
import { reports } from './resources/reports.ts'
import { users } from './resources/users.ts'
import { concurVendorSites, sandboxApp } from './sites.ts'
import { tour } from './tour.ts'

export const concur = (environment: ElementEnvironment): Element => ({
  key: 'concur',
  id: 4933,
  formerIds: [3129],
  hub: 'expense',
  title: 'SAP Concur',
  description: 'Travel and expense: reports and people, on the SAP Concur APIs that live today.',
  documentationUrl: 'https://developer.concur.com/api-reference/',
  features: {
    transformations: true,
    bulkDownload: true,
    bulkUpload: true,
    events: ['polling'],
    authentication: ['OAuth 2.0 (/oauth2/v0)', 'OAuth, deprecated (/net2/oauth2)'],
  },
  config: concurConfig,
  auth: [
    {
      kind: 'oauth2-code',
      authorizePath: '/oauth2/v0/authorize',
      tokenPath: '/oauth2/v0/token',
      scopes: [
        'openid',
        'EXPRPT',
        'identity.user.ids.read',
        'identity.user.core.read',
        'identity.user.enterprise.read',
      ],
      scopeSeparator: ' ',
      baseUrlField: 'geolocation',
      refreshExpiresField: 'refresh_expires_in',
      refreshIdleDays: 180,
      refusalCodeField: 'code',
      refusals: concurRefusals,
    },
  ],
  vendor: {
    ...concurVendorSites(environment),
    correlationHeader: 'concur-correlationid',
    headers: { accept: 'application/json' },
    timeoutSeconds: 60,
  },
  errors: concurErrors,
  errorWords: concurErrorWords,
  resources: { reports, expenses, users },
  ...(environment.sandboxUrl === undefined
    ? {}
    : {
        sandbox: {
          apiKey: sandboxApp.key,
          apiSecret: sandboxApp.secret,
          consent: { sandbox_user: 'admin@sandbox.example' },
          tour,
        },
      }),
})
