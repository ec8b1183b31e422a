/**
 * Makes this process the child of a benchmark: it answers each message of its parent with what comes of it, or with what
 * went wrong as `failed`, and ends, once, when its parent does or asks for it.
 * @param told what the parent hears first: that this process is ready.
 */
export const obeyParent = <Order>(
  told: object,
  obey: (order: Order) => Promise<unknown>,
  end: () => Promise<void>,
): void => {
  let ending = false
  const endOnce = async (): Promise<void> => {
    if (ending) return
    ending = true
    await end()
    process.exit(0)
  }
  process.on('message', (order: Order) => {
    obey(order).then(
      (result) => process.send?.(result),
      (error: unknown) =>
        process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => void endOnce())
  process.on('SIGTERM', () => void endOnce())
  process.send?.(told)
}
