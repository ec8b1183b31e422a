import { defineConfig } from 'vitest/config'

/**
 * Stories that stand for their area on another Node and PostgreSQL: its SQL, its streams, its worker threads, its
 * programs. What runs no differently there is left out: the language of queries, the plans of the engine, a browser
 * against the built page, elements held against published files, the sandboxes' own tests, stories about a vendor's rows
 * and refusals, long proofs, and the embedded server, which this run has another in place of.
 */
const stories = [
  'bulk-download',
  'bulk-upload',
  'connects',
  'events',
  'files',
  'first-data',
  'instances',
  'jobs',
  'listing',
  'notifications',
  'secrets',
  'tables',
  'tokens',
  'vdrs',
].map((name) => `dist/test/stories/${name}.test.js`)

/** The rooms that stand on Node and the database themselves. */
const rooms = ['api', 'lib', 'main', 'outbound', 'queue', 'script', 'store'].map(
  (name) => `dist/src/${name}/**/*.test.js`,
)

/** The tests as `tsc -p tsconfig.tests.json` made them, on the product as it was built: no TypeScript in sight. */
export default defineConfig({
  test: {
    include: [...rooms, ...stories],
    exclude: ['**/node_modules/**', 'dist/src/store/embedded/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A busy machine of two cores may take its time for what a database or a socket does.
    expect: { poll: { timeout: 10_000 } },
    // On two cores: tests wait more than half of their time.
    maxWorkers: 3,
    // Node loads them by itself, many times as fast as through a transformation that leaves them as they are.
    server: { deps: { external: [/\/dist\//] } },
    globalSetup: ['dist/test/support/global-setup.js'],
  },
})
