import type { Route } from '../route.ts'
import { instanceConfigurationRoutes } from './configuration-routes.ts'
import { instanceCreateRoutes } from './create-routes.ts'
import { oneInstanceRoutes } from './instance-routes.ts'
import { instanceListRoutes } from './list-routes.ts'
import { instanceTestRoutes } from './test-route.ts'

/** Everything below /instances and /elements/{element}/instances (spec/contract.md 2.2). */
export const allInstanceRoutes: readonly Route[] = [
  ...instanceCreateRoutes,
  ...instanceListRoutes,
  ...oneInstanceRoutes,
  ...instanceConfigurationRoutes,
  ...instanceTestRoutes,
]
