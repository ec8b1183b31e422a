/** The vendor's sandbox: what a first connection to it needs, and what to try on it. */
export interface Sandbox {
  readonly apiKey: string
  readonly apiSecret: string
  /** Who may sign in there, in words. */
  readonly logins: string
  /** Added to the consent page's address so that it consents by itself. */
  readonly consent: Readonly<Record<string, string>>
  /** Where the sandbox gives what a company is connected by, and which field of its reply is which key. */
  readonly company?: {
    readonly path: string
    readonly configuration: Readonly<Record<string, string>>
  }
  /** Configuration of the instance that a first start makes. */
  readonly configuration: Readonly<Record<string, string>>
  /** Calls that show what a connection can do, for a newcomer. */
  readonly tour: readonly TourCall[]
}

export interface TourCall {
  readonly title: string
  /** Below the API's base path. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}
