import { defineConfig } from 'vitest/config'

/**
 * Stories that stand for their area on another Node and PostgreSQL: its SQL, its streams, its worker threads, its
 * programs. What runs no differently there is left out: a browser against the built page, elements held against
 * published files, the sandboxes' own tests, stories about a vendor's rows and refusals, long proofs, and the embedded
 * server, which this run has another in place of.
 */
const stories = [
  'account-settings',
  'async-requests',
  'budget-shares',
  'bulk-download',
  'bulk-upload',
  'bulk-upload-cut-off',
  'bulk-workflows',
  'common-resource-levels',
  'common-resources',
  'connects',
  'deliveries-api',
  'delivery',
  'event-analytics',
  'event-log',
  'events',
  'expense-ids',
  'files',
  'first-data',
  'instances*',
  'job-runs',
  'jobs',
  'key-rotation',
  'listing',
  'notifications',
  'object-definitions',
  'passthrough',
  'renewal',
  'scripts',
  'secrets',
  'session',
  'shared-limits',
  'subscriptions',
  'tables',
  'tokens',
  'vdr-upgrade',
  'vdrs',
].map((name) => `dist/test/stories/${name}.test.js`)

/** The tests as `tsc -p tsconfig.tests.json` made them, on the product as it was built: no TypeScript in sight. */
export default defineConfig({
  test: {
    include: ['dist/src/**/*.test.js', 'dist/elements/**/*.test.js', ...stories],
    exclude: ['**/node_modules/**', 'dist/src/store/embedded/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // On two cores: tests wait more than half of their time.
    maxWorkers: 3,
    // Node loads them by itself, many times as fast as through a transformation that leaves them as they are.
    server: { deps: { external: [/\/dist\//] } },
    globalSetup: ['dist/test/support/global-setup.js'],
  },
})
