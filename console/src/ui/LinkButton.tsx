import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef, type Ref } from 'react'

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>

/** A link of the page that looks like a button. */
export const LinkButton = createLink(
  forwardRef((props: Props, ref: Ref<HTMLAnchorElement>) => <Button component="a" ref={ref} {...props} />),
)
