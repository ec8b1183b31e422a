// SAP Concur: travel and expense. Data only; what the vendor does differently is told in README.md.
import type { Element, ElementEnvironment } from '#src/element/index.ts'
import { concurConfig, generationKey } from './config.ts'
import { concurConnect } from './connect.ts'
import { concurErrors, concurErrorWords } from './errors.ts'
import { concurServices } from './limits.ts'
import { logins } from './logins.ts'
import { passthrough } from './passthrough.ts'
import { places } from './places.ts'
import { resources } from './resources/index.ts'
import { concurVendorSites, sandboxApp } from './sites.ts'
import { templates } from './templates.ts'
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
  auth: logins,
  vendor: {
    ...concurVendorSites(environment),
    correlationHeader: 'concur-correlationid',
    headers: { accept: 'application/json' },
    services: concurServices,
  },
  errors: concurErrors,
  errorWords: concurErrorWords,
  resources,
  templates,
  passthrough,
  places,
  generationKey,
  connect: concurConnect(environment),
  ...(environment.sandboxUrl === undefined
    ? {}
    : {
        sandbox: {
          apiKey: sandboxApp.key,
          apiSecret: sandboxApp.secret,
          logins: 'The administrator is admin@sandbox.example; everybody has the password sandbox.',
          consent: { sandbox_user: 'admin@sandbox.example' },
          company: {
            path: '/sandbox/request-token',
            configuration: {
              'concur.company.id': 'username',
              'concur.company.request.token': 'requestToken',
            },
          },
          configuration: { 'concur.report.owner': 'all' },
          tour,
        },
      }),
})
