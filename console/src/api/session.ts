import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { call } from './client.ts'
import type { Secrets, Session, SignedIn } from './shapes.ts'

export const sessionKey = ['session'] as const

const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: () => call<Session>('/session'),
  staleTime: 30_000,
})

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** Below the pages that need it, somebody has signed in. */
export const useSignedIn = (): SignedIn => {
  const { user } = useSession()
  if (user === null) throw new Error('nobody has signed in')
  return user
}

export const useSignIn = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { readonly username: string; readonly password: string }) =>
      call<Session>('/session', { method: 'POST', body: input }),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  })
}

export const useSignOut = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<Session>('/session', { method: 'DELETE' }),
    onSuccess: (session) => {
      client.setQueryData(sessionKey, session)
      // Nothing of one person may be left for the next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
    },
  })
}

/** The secrets, fetched at the moment they are wanted and kept nowhere: the server notes that they were seen. */
export const useReadSecrets = () => {
  const client = useQueryClient()
  return async (): Promise<Secrets> => {
    const secrets = await call<Secrets>('/authentication/secrets')
    void client.invalidateQueries({ queryKey: sessionKey })
    return secrets
  }
}

export const useResetSecret = () =>
  useMutation({
    mutationFn: (secret: 'user' | 'organization') =>
      call<Secrets>('/authentication/secrets/reset', { method: 'POST', body: { secret } }),
  })

export const useChangePassword = () =>
  useMutation({
    mutationFn: (input: { readonly oldPassword: string; readonly newPassword: string }) =>
      call<undefined>('/authentication/passwords', { method: 'POST', body: input }),
  })
