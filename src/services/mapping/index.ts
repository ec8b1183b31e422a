// How a vendor's resource is seen as a common one: paths, levels, the compiled plan, and queries in common names.
// Pure: no database, no HTTP, no vendor's name; what is stored comes in as rows.
export { type ColumnType, commonTypes } from './column-types.ts'
export {
  everyLevelOf,
  fromTheTop,
  hasSetting,
  type LeveledField,
  type LeveledScript,
  type LeveledSetting,
  type Transformation,
  transformationOf,
  transformationsOf,
} from './levels.ts'
export { type FieldsAsked, fieldsAsked, vendorField, vendorOrder, vendorWhere } from './names.ts'
export { parseCommonPath } from './path.ts'
export { compileMapping, type MappingPlan, planFields, takingBoth } from './plan.ts'
export { checkTopSettings, dateMask, isRemoved } from './settings.ts'
