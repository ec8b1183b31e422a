// What transformations do with scripts: rows that are mapped go through the script of their transformation, in both
// directions, and so do values of where clauses. Running a body is the business of src/script.
export { createTransformScripts, type ScriptRun, type TransformScripts } from './transform-scripts.ts'
