// Bulk jobs over HTTP: what is asked, what is answered.
export { bulkCall, bulkNames } from './bulk-call.ts'
