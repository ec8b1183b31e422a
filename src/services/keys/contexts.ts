import type { SealedKey, SealedName } from '#src/store/index.ts'
import { secretContext } from '../accounts/index.ts'
import { fileKeyContext } from '../bulk/index.ts'
import { sealContext as callContext } from '../calls/index.ts'
import { elementContext } from '../catalogue/index.ts'
import { sealContext as connectContext } from '../connects/index.ts'
import { sealContext } from '../instances/index.ts'

type ContextOf = (organizationId: number, id: number, word: string) => string

const contexts: Readonly<Record<SealedName, ContextOf>> = {
  organizationSecret: (organizationId) => secretContext.organizationSecret(organizationId),
  userSecret: secretContext.userSecret,
  instanceSecrets: (organizationId, instanceId) => sealContext('secrets', organizationId, instanceId),
  instanceToken: (organizationId, instanceId) => sealContext('token', organizationId, instanceId),
  grant: (organizationId, instanceId, principal) =>
    sealContext(`grant-${principal}`, organizationId, instanceId),
  callRequest: (organizationId, callId) => callContext('request', organizationId, callId),
  callBody: (organizationId, callId) => callContext('body', organizationId, callId),
  bulkFiles: fileKeyContext,
  elementSecrets: elementContext,
  connect: connectContext,
}

/** What a sealed value is bound to, from the primary key of its row: as the room says that sealed it. */
export const contextOf = (name: SealedName, [organizationId = 0, id = 0, word = '']: SealedKey): string =>
  contexts[name](Number(organizationId), Number(id), String(word))
