// Elements that were posted as Cloud Elements JSON: makes of it the same typed data as a folder under `elements/`.
// Knows the vendor only through the port that a coded verb gets; no database, no HTTP in.
export { type BuiltOf, buildElement } from './build-element.ts'
export { examineElement, type Finding } from './examine.ts'
export { type OperationOutline, outlineOperations } from './outline.ts'
