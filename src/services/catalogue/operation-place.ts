import type { ElementOperationJson } from '#src/contract/index.ts'

type Placed = Pick<ElementOperationJson, 'method' | 'path'>

/** `/hubs/crm/accounts` as a call names it behind its hub: `/accounts`. */
export const pathBehindHub = (path: string): string => path.replace(/^\/hubs\/[^/]+(?=\/)/, '')

/** What one operation of an element answers to, whatever its hub and the names in braces: `GET /reports/{}`. */
export const operationPlace = ({ method, path }: Placed): string =>
  `${method.toUpperCase()} ${pathBehindHub(path).replaceAll(/\{[^}]*\}/g, '{}')}`

/** Operations of which the later replaces one of the same method and path. */
export const laidOver = <Below extends Placed, Above extends Placed>(
  below: readonly Below[],
  above: readonly Above[],
): readonly (Below | Above)[] => {
  const taken = new Set(above.map(operationPlace))
  return [...below.filter((one) => !taken.has(operationPlace(one))), ...above]
}
