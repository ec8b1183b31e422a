// Shapes of our own API: one source of validation, of the console's types and of the API documents.
// Runs in a browser too: nothing of Node's, nothing of the rooms behind.

export * from './accounts.ts'
export * from './bulk.ts'
export * from './connects.ts'
export * from './element-json.ts'
export * from './element-preview.ts'
export * from './elements.ts'
export * from './events.ts'
export * from './inbound.ts'
export * from './instances.ts'
export * from './jobs.ts'
export * from './notifications.ts'
export * from './session.ts'
export * from './transformations.ts'
export * from './usage.ts'
export * from './vdrs.ts'
