import type { Route } from '../route.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { emailRoutes } from './email-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { subscriptionRoutes } from './subscription-routes.ts'

/** Everything below /notifications (spec/contract.md 6.3). */
export const allNotificationRoutes: readonly Route[] = [
  ...notificationRoutes,
  ...subscriptionRoutes,
  ...deliveryRoutes,
  ...emailRoutes,
]
