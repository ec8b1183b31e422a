import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { sessionKey } from '../api/session.ts'
import { styleNonce } from './nonce.ts'
import { router } from './router.tsx'
import { theme, variables } from './theme.ts'

/** A refused call may mean that the session has ended: the page asks, and then shows the sign-in. */
const askAgain = (error: unknown): void => {
  if (error instanceof ApiError && error.status === 401)
    void client.invalidateQueries({ queryKey: sessionKey })
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askAgain }),
  mutationCache: new MutationCache({ onError: askAgain }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (times, error) => error instanceof ApiError && error.retryable && times < 2,
    },
  },
})

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variables}
    defaultColorScheme="auto"
    getStyleNonce={() => styleNonce}
  >
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
)
