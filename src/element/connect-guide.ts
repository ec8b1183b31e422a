/** What a person who connects is told besides the logins; forms are drawn from it. */
export interface ConnectGuide {
  /** The configuration key that chooses one of `sites`. */
  readonly siteField: string
  /** Installations of the vendor that a customer may live on; the first is the default. */
  readonly sites: readonly { readonly key: string; readonly title: string }[]
  /** What the vendor, and so a connection, does not give; whole sentences. */
  readonly limits: readonly string[]
}
