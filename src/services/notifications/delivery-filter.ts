import { type Expression, parseWhere, type Value } from '#src/ceql/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { DeliveryFilter } from '#src/store/index.ts'

const refuse = (why: string): never => {
  throw new AppError('bad-query', `where: ${why}`)
}

const textOf = (value: Value): string =>
  value.kind === 'number' || value.kind === 'date' ? value.text : String(value.value)

const idOf = (field: string, text: string): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : refuse(`${field} is a number.`)

const oneOf = (field: string, text: string, known: readonly string[]): string =>
  known.includes(text) ? text : refuse(`${field} is one of ${known.join(', ')}.`)

const fields: Readonly<Record<string, (text: string) => Partial<DeliveryFilter>>> = {
  channel: (text) => ({ channel: oneOf('channel', text, ['webhook', 'email', 'sms', 'push']) }),
  status: (text) => ({
    status: oneOf('status', text, ['created', 'retry', 'queued', 'notified', 'delivered']),
  }),
  'config.url': (text) => ({ url: text }),
  subscriptionId: (text) => ({ subscriptionId: idOf('subscriptionId', text) }),
  notificationId: (text) => ({ notificationIds: [idOf('notificationId', text)] }),
  instanceId: (text) => ({ instanceId: idOf('instanceId', text) }),
}

const conditionsOf = (expression: Expression): readonly Partial<DeliveryFilter>[] => {
  if (expression.kind === 'and') return expression.terms.flatMap(conditionsOf)
  if (expression.kind !== 'comparison' || expression.operator !== '=') {
    return refuse('only = and AND are possible here.')
  }
  const { field, value } = expression
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (read === undefined)
    return refuse(`${field.slice(0, 64)} is no field of it; there are ${Object.keys(fields).join(', ')}.`)
  return [read(textOf(value))]
}

/**
 * Which deliveries a `where` chooses: conditions with `=` joined by AND (spec/behaviour.md 8).
 * @throws AppError `bad-query` for anything else, and where a field stands there twice.
 */
export const parseDeliveryWhere = (text: string): Partial<DeliveryFilter> => {
  const expression = parseWhere(text)
  if (expression === null) return {}
  const found: Partial<DeliveryFilter> = {}
  for (const condition of conditionsOf(expression)) {
    const [name = ''] = Object.keys(condition)
    if (Object.hasOwn(found, name)) refuse('each field stands there once.')
    Object.assign(found, condition)
  }
  return found
}
