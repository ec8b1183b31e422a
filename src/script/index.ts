// User scripts: runs a body with named values in a sandbox and gives back what it answered. Knows nothing of
// transformations, rows or HTTP; nothing else here runs code that a customer wrote.
export { fieldsRead } from './fields-read.ts'
export type { ScriptCall, ScriptOutcome } from './script-call.ts'
export { createScripts, type Scripts } from './scripts.ts'
