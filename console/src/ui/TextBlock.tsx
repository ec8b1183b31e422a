/** A long text as it is, which scrolls by itself; by keyboard too. */
export const TextBlock = ({ label, text }: { readonly label: string; readonly text: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section className="code tall" tabIndex={0} aria-label={label}>
    {text}
  </section>
)
