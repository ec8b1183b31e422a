import type {
  ElementHookJson,
  ElementJson,
  ElementOperationJson,
  ElementParameterJson,
} from '#src/contract/index.ts'
import { givesFile, isFileParameter, takesFiles } from './file-parameters.ts'

/** Something of an element's JSON that has no effect here, or another one. */
export interface Finding {
  /** The member, such as `resources[3].hooks[0]`. */
  readonly where: string
  /** The operation that it is about: `GET /hubs/crm/contacts`. */
  readonly operation?: string
  /** What happens instead; whole sentences. */
  readonly words: string
}

/** Types of resources that belong to connecting and disconnecting, and what happens in their place. */
const lifecycle: Readonly<Record<string, string>> = {
  ondelete: 'It is not called when an instance is removed.',
  onrefresh: 'It is not called when a token is renewed.',
  onprovisionwebhook: 'No webhook is registered with the provider; changes are found by polling.',
  ondeletewebhook: 'No webhook is registered with the provider, so none is removed.',
  oauthonauthroizeurl: 'The consent page is asked for in the standard way (RFC 6749 4.1.1).',
  oauthontokenexchange: 'The code is traded in the standard way (RFC 6749 4.1.3).',
  oauthontokenrefresh: 'The token is renewed in the standard way (RFC 6749 6).',
  oauth2password: 'Name and password are traded in the standard way (RFC 6749 4.3).',
}

/** Types of resources that are called when an instance is made. */
const provisions = new Set(['onprovision', 'provisionauthvalidation'])

const ofHook = (where: string, { type, body }: ElementHookJson): readonly Omit<Finding, 'operation'>[] => {
  if (type === 'event')
    return [{ where, words: 'Hooks of events are not run; events of the provider are kept as they come.' }]
  const module = /require\s*\(\s*['"`]([^'"`]+)['"`]\s*\)/.exec(body)?.[1]
  if (module === undefined || module === 'lodash' || module === 'util') return []
  return [
    {
      where,
      words: `The hook asks for '${module}', which is not here: hooks reach no network. It will fail there.`,
    },
  ]
}

const ofParameter = (
  where: string,
  parameter: ElementParameterJson,
  isProvision: boolean,
): readonly Omit<Finding, 'operation'>[] => {
  const { source, type } = parameter
  if (source?.trim().toLowerCase() === 'response' && type === 'configuration' && !isProvision)
    return [
      { where, words: `${parameter.name} is stored in the configuration only when an instance is made.` },
    ]
  return []
}

type Found = Omit<Finding, 'operation'>

/** Files that an operation is not given, and what has no effect where its answer is a file. */
const ofFiles = (where: string, resource: ElementOperationJson): readonly Found[] => {
  const { parameters, hooks, nextResource } = resource
  const method = resource.method.trim().toUpperCase()
  const files = [...(parameters ?? []).entries()].filter(([, parameter]) => isFileParameter(parameter))
  const unused = takesFiles(method) ? files.slice(1) : files
  const why = takesFiles(method) ? 'One file is handed on with a call' : `${method} takes no file`
  const untaken = unused.map(
    ([at, { name }]): Found => ({
      where: `${where}.parameters[${at}]`,
      words: `${why}: ${name} is not sent.`,
    }),
  )
  if (!givesFile(resource)) return untaken
  const ofAnswer = [...(hooks ?? []).entries()].flatMap(([at, { type }]): Found[] =>
    type === 'postRequest'
      ? [
          {
            where: `${where}.hooks[${at}]`,
            words: 'It is not run: the answer is a file, and is handed on as it is.',
          },
        ]
      : [],
  )
  const next = nextResource?.trim()
    ? [{ where: `${where}.nextResource`, words: 'It is not called: the answer is a file.' }]
    : []
  return [...untaken, ...ofAnswer, ...next]
}

/**
 * What of an element's JSON has no effect here, so that whoever posts it is not surprised. What cannot be stored at all
 * is told by `buildElement`.
 */
export const examineElement = (json: ElementJson): readonly Finding[] => [
  ...(json.hooks ?? []).flatMap((hook, at) => ofHook(`hooks[${at}]`, hook)),
  ...(json.parameters ?? []).flatMap((parameter, at) => ofParameter(`parameters[${at}]`, parameter, true)),
  ...(json.resources ?? []).flatMap((resource, at): Finding[] => {
    const where = `resources[${at}]`
    const operation = `${resource.method.toUpperCase()} ${resource.path}`
    const type = resource.type?.trim().toLowerCase() ?? ''
    const replaced = lifecycle[type]
    return [
      ...(replaced === undefined ? [] : [{ where: `${where}.type`, words: replaced }]),
      ...(resource.kind?.trim().toLowerCase() === 'java'
        ? [{ where: `${where}.kind`, words: 'It is written in Java at its maker and answers 404.' }]
        : []),
      ...(resource.hooks ?? []).flatMap((hook, of) => ofHook(`${where}.hooks[${of}]`, hook)),
      ...(resource.parameters ?? []).flatMap((parameter, of) =>
        ofParameter(`${where}.parameters[${of}]`, parameter, provisions.has(type)),
      ),
      ...ofFiles(where, resource),
    ].map((finding) => ({ ...finding, operation }))
  }),
]
