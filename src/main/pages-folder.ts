import { join } from 'node:path'

/** Where the build puts the page: beside the built program, or where a build of these sources puts it. */
export const pagesFolder = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '..', '..', 'dist', 'console')
  : join(import.meta.dirname, '..', '..', 'console')
