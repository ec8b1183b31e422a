import { accountSettingRoutes } from './accounts/routes.ts'
import { authenticationRoutes } from './authentication/routes.ts'
import { connectRoutes } from './connects/routes.ts'
import { instanceDocsRoutes } from './docs/instance-routes.ts'
import { docsRoutes } from './docs/routes.ts'
import { elementBuilderRoutes } from './elements/builder-routes.ts'
import { askOauthUrl, readDefaultOauthUrl, readOauthToken, readOauthUrl } from './elements/oauth-routes.ts'
import { previewElement } from './elements/preview-route.ts'
import {
  exportElement,
  listElementKeys,
  listElementMetadata,
  listElements,
  readElement,
  readElementConfiguration,
  readElementMetadata,
} from './elements/routes.ts'
import { inboundRoutes } from './events/inbound-routes.ts'
import { eventLogRoutes } from './events/log-routes.ts'
import { listHubElements, listHubKeys, listHubs, readHub } from './hubs/routes.ts'
import { allInstanceRoutes } from './instances/routes.ts'
import { jobRoutes } from './jobs/routes.ts'
import { allNotificationRoutes } from './notifications/routes.ts'
import { listOrganizations, listUsers, readOrganization } from './organizations/routes.ts'
import type { Route } from './route.ts'
import { sessionRoutes } from './session/routes.ts'
import { transformationRoutes } from './transformations/routes.ts'
import { readUsage } from './usage/routes.ts'

/** Every platform route. Hub calls are not routes: the element says which there are. */
export const routes: readonly Route[] = [
  ...authenticationRoutes,
  ...sessionRoutes,
  listOrganizations,
  readOrganization,
  listUsers,
  listElements,
  listElementKeys,
  listElementMetadata,
  readElement,
  readElementMetadata,
  exportElement,
  readElementConfiguration,
  ...elementBuilderRoutes,
  previewElement,
  readOauthToken,
  readOauthUrl,
  readDefaultOauthUrl,
  askOauthUrl,
  listHubs,
  listHubKeys,
  readHub,
  listHubElements,
  ...connectRoutes,
  ...docsRoutes,
  ...instanceDocsRoutes,
  ...allInstanceRoutes,
  ...eventLogRoutes,
  ...inboundRoutes,
  ...jobRoutes,
  readUsage,
  ...allNotificationRoutes,
  ...accountSettingRoutes,
  ...transformationRoutes,
]
