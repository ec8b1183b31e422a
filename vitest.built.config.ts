import { defineConfig } from 'vitest/config'

/** The tests as `tsc -p tsconfig.tests.json` made them, on the product as it was built: no TypeScript in sight. */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: ['**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ['dist/test/support/global-setup.js'],
  },
})
