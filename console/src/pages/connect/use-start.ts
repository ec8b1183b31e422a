import { useMutation } from '@tanstack/react-query'
import { startConnect } from '../../api/connects.ts'

/** Begins a connection and leaves for the vendor's consent page. */
export const useStart = () =>
  useMutation({
    mutationFn: startConnect,
    onSuccess: ({ oauthUrl }) => window.location.assign(oauthUrl),
  })
