/** The sandbox's own time: the machine's, moved forward by `POST /sandbox/clock`. Milliseconds since 1970. */
export interface Clock {
  now(): number
  offsetSeconds(): number
  move(addSeconds: number): void
}

export const createClock = (machineNow: () => number = Date.now): Clock => {
  let offset = 0
  return {
    now: () => machineNow() + offset * 1000,
    offsetSeconds: () => offset,
    move: (addSeconds) => {
      offset += addSeconds
    },
  }
}
