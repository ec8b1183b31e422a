import { defineConfig } from 'vitest/config'
import built from './vitest.built.config.ts'
import source from './vitest.config.ts'

/** What reads the sources themselves, and is not compiled (tsconfig.tests.json). */
const aboutSources = ['test/house.test.ts', 'test/rooms.test.ts']

/** Every test: as `tsc -p tsconfig.tests.json` made it, for Node loads that in half the time. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...built.test, name: 'built', exclude: ['**/node_modules/**'] } },
      { ...source, test: { ...source.test, name: 'source', include: aboutSources } },
    ],
  },
})
