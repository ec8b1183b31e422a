import type { ConnectGuide, ElementEnvironment } from '#src/element/index.ts'

/** What a person who connects is told, in the order in which it is met. Source: spec/concur.md 1.2, compared 2026-08. */
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
    'A refresh token ends after six months without use. Then a person must consent again: press Reconnect.',
    'Reports of central reconciliation are never listed by Reports v3.',
  ],
})
