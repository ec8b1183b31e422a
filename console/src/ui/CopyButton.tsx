import type { ButtonProps } from '@mantine/core'
import { useEffect, useState } from 'react'
import { BusyButton } from './BusyButton.tsx'
import { copyText } from './copy-text.ts'

export interface CopyButtonProps extends Pick<ButtonProps, 'variant' | 'size'> {
  /** What is copied; fetched only when the button is pressed where it is a function. */
  readonly text: string | (() => Promise<string>)
  /** What it is, for people who do not see what stands beside it. */
  readonly what: string
  readonly children?: string
}

type State = 'ready' | 'busy' | 'copied' | 'failed'

const shownForMs = 2_000

const words: Readonly<Record<State, string | undefined>> = {
  ready: undefined,
  busy: undefined,
  copied: 'Copied',
  failed: 'Not copied',
}

export const CopyButton = ({
  text,
  what,
  children = 'Copy',
  variant = 'default',
  size = 'xs',
}: CopyButtonProps) => {
  const [state, setState] = useState<State>('ready')
  useEffect(() => {
    if (state !== 'copied' && state !== 'failed') return
    const timer = setTimeout(() => setState('ready'), shownForMs)
    return () => clearTimeout(timer)
  }, [state])

  const copy = async (): Promise<void> => {
    setState('busy')
    try {
      const wanted = typeof text === 'string' ? text : await text()
      setState((await copyText(wanted)) ? 'copied' : 'failed')
    } catch {
      setState('failed')
    }
  }

  return (
    <BusyButton
      variant={variant}
      size={size}
      busy={state === 'busy'}
      aria-label={state === 'ready' || state === 'busy' ? `${children} ${what}` : `${words[state]}: ${what}`}
      onClick={() => void copy()}
      style={{ flexShrink: 0 }}
    >
      <span aria-live="polite">{words[state] ?? children}</span>
    </BusyButton>
  )
}
