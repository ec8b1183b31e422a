import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts', 'elements/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A busy machine of two cores may take its time for what a database or a socket does.
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
  },
})
