import { ask, platform } from '../support/client.ts'
import { names } from './names.ts'
import type { PathName } from './targets.ts'

/** Reads and writes fields by their names, as most scripts do. */
const named = `transformedObject.label = transformedObject.name + ' (' + transformedObject.currency + ')'
transformedObject.isPaid = originalObject.PaymentStatusCode === 'P_PAID'
done(transformedObject)`

/** The same, where nobody can tell which fields it uses. */
const whole = `const row = transformedObject
row.label = row.name + ' (' + row.currency + ')'
row.isPaid = originalObject['Payment' + 'StatusCode'] === 'P_PAID'
done(row)`

const mapped: Readonly<Partial<Record<PathName, string | undefined>>> = {
  mapped: undefined,
  scripted: named,
  'scripted-whole': whole,
}

const bodies = [
  'for (;;);',
  'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))',
  'const f = () => f() + 1; f()',
  'for (;;) { try { throw 1 } catch {} }',
  '/(a+)+$/.test("a".repeat(60) + "b")',
  'throw new Error("no")',
]

/** Common resources whose scripts do harm, enough of them to hold every thread all the time. */
export const hostileNames: readonly string[] = Array.from({ length: 20 }, (_, at) => `hostile-${at}`)

/** Makes them at the level of the organization. */
export const makeMapped = async (url: string, admin: Parameters<typeof platform>[0]): Promise<void> => {
  const fields = [...names].map(([vendorPath, path]) => ({ path, vendorPath }))
  const scripts: readonly (readonly [string, string | undefined])[] = [
    ...Object.entries(mapped),
    ...hostileNames.map((name, at) => [name, bodies[at % bodies.length]] as const),
  ]
  for (const [name, body] of scripts)
    for (const [path, sent] of [
      [`objects/${name}/definitions`, { fields: fields.map(({ path }) => ({ path })) }],
      [
        `elements/concur/transformations/${name}`,
        { vendorName: 'reports', fields, ...(body === undefined ? {} : { script: { body } }) },
      ],
    ] as const) {
      const made = await ask(`${url}/organizations/${path}`, {
        method: 'POST',
        headers: platform(admin),
        body: sent,
      })
      if (made.status !== 200) throw new Error(`${path}: ${made.text}`)
    }
}
