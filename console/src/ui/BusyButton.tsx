import { Button, type ButtonProps, Loader } from '@mantine/core'
import type { ButtonHTMLAttributes, MouseEvent } from 'react'

type Props = Omit<ButtonProps, 'loading' | 'leftSection'> &
  Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps> & { readonly busy: boolean }

/** A button that waits for what it began. It is not disabled meanwhile, for that would take the focus away. */
export const BusyButton = ({ busy, onClick, ...rest }: Props) => {
  const click = (event: MouseEvent<HTMLButtonElement>): void => {
    if (busy) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <Button
      {...rest}
      aria-busy={busy}
      aria-disabled={busy}
      onClick={click}
      {...(busy ? { leftSection: <Loader size="1em" color="currentColor" aria-hidden /> } : {})}
    />
  )
}
