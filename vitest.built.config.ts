import { defineConfig } from 'vitest/config'

/**
 * Left out: what runs no differently on another Node and PostgreSQL (a browser against the built page, the element held
 * against published files, long proofs, the sandbox's own tests, whose program each story runs, stories about what a
 * vendor's rows and refusals are, and about commands), and the embedded server, which this run has another in place of.
 */
const leftOut = ['browser', 'conformance', 'contract', 'proofs'].map((folder) => `dist/test/${folder}/**`)
const storiesLeftOut = [
  'around-a-report*',
  'bulk-common',
  'bulk-s3',
  'bulk-scripts',
  'common-resources-by-name',
  'common-where',
  'crm-contacts',
  'custom-fields',
  'delete-revokes',
  'errors',
  'events-common',
  'events-scripts',
  'expense*',
  'file-docs',
  'files-guard',
  'grants-kept',
  'group-configurations',
  'invoice*',
  'key-commands',
  'list-items',
  'lists-and-places',
  'locations',
  'operation',
  'ready-made',
  'refusal-codes',
  'region',
  'repeats',
  'report*',
  'script-rules',
  'transformations-all-levels',
  'try-out-drafts',
  'vdr-copies',
  'vdr-system',
  'workflow',
].map((name) => `dist/test/stories/${name}.test.js`)

/** The tests as `tsc -p tsconfig.tests.json` made them, on the product as it was built: no TypeScript in sight. */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: [
      '**/node_modules/**',
      ...leftOut,
      ...storiesLeftOut,
      'dist/sandbox/**',
      'dist/src/store/embedded/**',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // On two cores: tests wait more than half of their time.
    maxWorkers: 3,
    // Node loads them by itself, many times as fast as through a transformation that leaves them as they are.
    server: { deps: { external: [/\/dist\//] } },
    globalSetup: ['dist/test/support/global-setup.js'],
  },
})
