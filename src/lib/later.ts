/** What is there, or comes later. Most of what a call asks for is in memory: for that it should wait for no promise. */
export type Later<T> = T | Promise<T>

/** `next` of a value: at once where it is there; then what `next` throws is thrown at once, too. */
export const andThen = <T, U>(value: Later<T>, next: (value: T) => Later<U>): Later<U> =>
  value instanceof Promise ? value.then(next) : next(value)
