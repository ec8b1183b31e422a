import { Pool } from 'undici'

/** The paths that the vendor of the benchmark answers from memory; all else goes to the sandbox behind it. */
export const listPath = '/api/v3.0/expense/reports'
export const rowPath = (id: string): string => `${listPath}/${id}`

/** A pool as all Node programs of the benchmark use it, so that they differ in what they do, not in how they connect. */
export const openUpstream = (port: number): Pool =>
  new Pool(`http://127.0.0.1:${port}`, { connections: 64, pipelining: 1, keepAliveTimeout: 60_000 })

/** Tells the parent which port was taken, and ends with it. */
export const announce = (port: number): void => {
  process.on('disconnect', () => process.exit(0))
  process.send?.({ port })
}
