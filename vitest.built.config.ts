import { defineConfig } from 'vitest/config'

/**
 * Left out: what runs no differently on another Node and PostgreSQL (a browser against the built page, the element held
 * against published files, long proofs, the sandbox's own tests, whose program each story runs), and the embedded server,
 * which this run has another in place of.
 */
const leftOut = ['browser', 'conformance', 'contract', 'proofs'].map((folder) => `dist/test/${folder}/**`)

/** The tests as `tsc -p tsconfig.tests.json` made them, on the product as it was built: no TypeScript in sight. */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: ['**/node_modules/**', ...leftOut, 'dist/sandbox/**', 'dist/src/store/embedded/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Node loads them by itself, many times as fast as through a transformation that leaves them as they are.
    server: { deps: { external: [/\/dist\//] } },
    globalSetup: ['dist/test/support/global-setup.js'],
  },
})
