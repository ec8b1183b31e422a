import type { ConnectGuide, ElementEnvironment } from '#src/element/index.ts'

/** Data centres and limits, in words for whoever connects. Source: spec/concur.md 1.2, compared 2026-08. */
export const concurConnect = ({ sandboxUrl }: ElementEnvironment): ConnectGuide => ({
  siteField: 'site.address',
  sites: [
    { key: 'us2', title: 'North America (us2)' },
    { key: 'eu2', title: 'Europe, Middle East, Africa (eu2)' },
    { key: 'apj1', title: 'Asia Pacific, Japan (apj1)' },
    { key: 'usg', title: 'United States public sector (usg)' },
    { key: 'cn', title: 'China (cn)' },
    { key: 'us-impl', title: 'North America, implementation (us-impl)' },
    { key: 'emea-impl', title: 'Europe, Middle East, Africa, implementation (emea-impl)' },
    ...(sandboxUrl === undefined ? [] : [{ key: 'sandbox', title: 'The sandbox beside this server' }]),
  ],
  limits: [
    'SAP Concur publishes no general limit of calls; it may answer 429, and Amalgam then waits and tries again.',
    'A page of reports or expenses holds at most 100 rows at SAP Concur; Amalgam reads on until your page is full.',
    'SAP Concur answers within 60 seconds; a call that takes longer is given up.',
    'SAP Concur drops a connection after six months without use; a running Amalgam uses idle ones now and then. Once it is gone, somebody must connect again: press Reconnect.',
    'Reports of central reconciliation are never listed by Reports v3.',
  ],
})
