import type { Instance } from '../api/shapes.ts'

export type InstanceState = 'ok' | 'expiring' | 'needs-reconnect' | 'disabled'

/** The worst of an instance's grants; a disabled instance refuses calls whatever they say. */
export const stateOf = ({ disabled, valid, authentication }: Instance): InstanceState => {
  if (disabled) return 'disabled'
  const states = authentication.map(({ state }) => state)
  if (!valid || states.includes('needs-reconnect')) return 'needs-reconnect'
  return states.includes('expiring') ? 'expiring' : 'ok'
}

/** When the first of an instance's grants ends unless it is used; undefined where none is told, or all ended. */
export const expiryOf = ({ authentication }: Instance): string | undefined =>
  authentication
    .filter(({ state }) => state !== 'needs-reconnect')
    .flatMap(({ refreshExpiresAt }) => (refreshExpiresAt === null ? [] : [refreshExpiresAt]))
    .sort()[0]

export const stateWords: Readonly<Record<InstanceState, string>> = {
  ok: 'ok',
  expiring: 'expiring',
  'needs-reconnect': 'needs reconnect',
  disabled: 'disabled',
}

/** Behind white letters; all with a contrast of 4.5:1 or more. */
export const stateColors: Readonly<Record<InstanceState, string>> = {
  ok: '#1d6b2f',
  expiring: '#8f5500',
  'needs-reconnect': 'red.9',
  disabled: 'gray.7',
}
