import { logIn, readSecrets } from './authentication/routes.ts'
import {
  askOauthUrl,
  listElementKeys,
  listElementMetadata,
  listElements,
  readElement,
  readElementMetadata,
  readOauthUrl,
} from './elements/routes.ts'
import { createInstanceRoute, deleteInstance, listInstances, readInstance } from './instances/routes.ts'
import { listOrganizations, listUsers, readOrganization } from './organizations/routes.ts'
import type { Route } from './route.ts'
import { readUsage } from './usage/routes.ts'

/** Every platform route. Hub calls are not routes: the element says which there are. */
export const routes: readonly Route[] = [
  logIn,
  readSecrets,
  listOrganizations,
  readOrganization,
  listUsers,
  listElements,
  listElementKeys,
  listElementMetadata,
  readElement,
  readElementMetadata,
  readOauthUrl,
  askOauthUrl,
  createInstanceRoute,
  listInstances,
  readInstance,
  deleteInstance,
  readUsage,
]
