/** One thing in a bag, and where it lies. */
export interface Slot<T> {
  readonly item: T
  /** Changes as others leave; -1 when it has left. */
  at: number
}

/** Holds things that come and go with every call, in no order. */
export interface Bag<T> {
  add(item: T): Slot<T>
  /** Nothing when it has left already. */
  remove(slot: Slot<T>): void
  readonly size: number
  /** What is in it now: things may come and go while the result is read. */
  slots(): readonly Slot<T>[]
}

/**
 * A Set would do, but for V8's garbage collection: a Set that takes and loses entries makes a new table every few
 * calls, and each old table keeps its entries and the next table. Once one old table is in old space, all that come
 * after it, with every call in them, are kept for the next full collection and copied on the way there. Measured:
 * a fifth of all time under load.
 */
export const createBag = <T>(): Bag<T> => {
  const slots: Slot<T>[] = []
  return {
    add: (item) => {
      const slot = { item, at: slots.length }
      slots.push(slot)
      return slot
    },
    remove: (slot) => {
      const { at } = slot
      if (at === -1) return
      slot.at = -1
      const last = slots.pop()
      if (last === undefined || last === slot) return
      last.at = at
      slots[at] = last
    },
    get size() {
      return slots.length
    },
    slots: () => [...slots],
  }
}
