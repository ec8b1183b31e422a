import { ask } from './client.ts'
import type { Product } from './product.ts'

/** What the sandbox saw, by operation and by grant. */
interface Calls {
  readonly operations: Readonly<Record<string, number>>
  readonly grants: Readonly<Record<string, number>>
  readonly requests: readonly {
    readonly operation: string
    readonly method: string
    readonly path: string
    readonly status: number
    readonly grant: string | null
  }[]
}

/** The request token of a company, as its administrator's tool shows it. */
export interface RequestToken {
  readonly username: string
  readonly companyId: string
  readonly requestToken: string
}

/** The controls of a product's sandbox. */
export const controlsOf = ({ sandbox }: Pick<Product, 'sandbox'>) => {
  const control = (path: string): string => `${sandbox.url}/sandbox/${path}`
  const calls = async (): Promise<Calls> => (await ask(control('calls'))).json
  const faults = async (...list: readonly object[]): Promise<void> => {
    const reply = await ask(control('faults'), { method: 'PUT', body: list })
    if (reply.status !== 200) throw new Error(reply.text)
  }
  const addSeconds = (seconds: number) => ask(control('clock'), { body: { addSeconds: seconds } })
  return {
    /** Replaces all faults. */
    faults,
    addSeconds,
    /** Every access token of the current framework ends. */
    endTokens: () => addSeconds(3_700),
    /** No faults, and the machine's time. */
    reset: async (): Promise<void> => {
      await faults()
      const { json } = await addSeconds(0)
      if (json.offsetSeconds !== 0) await addSeconds(-json.offsetSeconds)
    },
    /** Nothing in it: everything. */
    revoke: (what: { readonly login?: string; readonly company?: string } = {}) =>
      ask(control('revoke'), { body: what }),
    requestToken: async (
      of: { readonly company?: string; readonly client?: string; readonly login?: string } = {},
    ): Promise<RequestToken> => (await ask(control('request-token'), { body: of })).json,
    calls,
    /** The requests that `run` causes. */
    during: async (run: () => Promise<unknown>): Promise<Calls> => {
      await ask(control('calls'), { method: 'DELETE' })
      await run()
      return calls()
    },
  }
}

export type Controls = ReturnType<typeof controlsOf>
