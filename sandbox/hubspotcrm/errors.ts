/** A refusal in HubSpot's words. Follows: developers.hubspot.com, Error handling. Not compared with the page. */
export class Refused extends Error {
  readonly status: number
  readonly category: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    category: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.status = status
    this.category = category
    this.more = more
  }
}

export const invalid = (message: string): Refused => new Refused(400, 'VALIDATION_ERROR', message)

export const bodyOf = ({ message, category, more }: Refused, correlationId: string) => ({
  status: 'error',
  message,
  correlationId,
  category,
  ...more,
})
