import type { Server } from 'node:http'

/**
 * Listens on this machine alone; rejects with the system's error, or with what `ready` throws.
 * @param ready called as soon as the port is ours.
 */
export const listen = (server: Server, port: number, ready: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    // The state is read in the same turn in which the port is ours: the port is the lock on the file,
    // and no request is seen before.
    server.listen({ port, host: '127.0.0.1' }, () => {
      server.off('error', reject)
      try {
        ready()
        resolve()
      } catch (error) {
        server.close()
        reject(error)
      }
    })
  })
