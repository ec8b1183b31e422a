// Bulk jobs over HTTP: what is asked, what is answered.
export { bulkCall, bulkName } from './bulk-call.ts'
