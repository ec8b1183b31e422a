// The kit that an element is written with: types and small pure functions.
// No vendor's name, no input or output, nothing that keeps state.
export type {
  Auth,
  Call,
  ConfigField,
  Element,
  ElementEnvironment,
  ErrorRule,
  Features,
  Field,
  FieldType,
  Filter,
  OauthCode,
  OauthRefusal,
  Pagination,
  Resource,
  Sandbox,
  Site,
  SiteChoice,
  TourCall,
  Vendor,
} from './element.ts'
export { type Path, readPath } from './path.ts'
export { configOf } from './platform-config.ts'
