import { defineConfig } from 'vitest/config'
import built from './vitest.built.config.ts'
import source from './vitest.config.ts'

/** What reads the sources themselves, and is not compiled (tsconfig.tests.json). */
const aboutSources = ['test/house.test.ts', 'test/rooms.test.ts']

/** Whether `npm run proof` runs this: proofs are left out where nobody says how much of them. */
const proves = process.env['AMALGAM_PROOF_SCALE'] !== undefined
const proofs = proves ? [] : ['dist/test/proofs/**']

/** Proofs are busy all the time. */
const maxWorkers = proves ? 2 : 3

/** Every test but the proofs: as `tsc -p tsconfig.tests.json` made it, for Node loads that in half the time. */
export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          ...built.test,
          name: 'built',
          include: ['dist/**/*.test.js'],
          exclude: ['**/node_modules/**', ...proofs],
          maxWorkers,
        },
      },
      { ...source, test: { ...source.test, name: 'source', maxWorkers, include: aboutSources } },
    ],
  },
})
