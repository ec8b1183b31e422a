import type { ReactNode } from 'react'

/** What may be wider than the screen, and then scrolls by itself; by keyboard too. */
export const Sideways = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section className="scrolls" tabIndex={0} aria-label={label}>
    {children}
  </section>
)
