import type { z } from 'zod'
import type { CommonResourceBody, CommonResourceReply, VdrBody, VdrReply } from '#src/contract/index.ts'
import type { Vdr, VdrInput } from '#src/services/index.ts'
import { headerText } from '../http/index.ts'
import { type WithHeaders, withHeaders } from '../route.ts'
import { fieldInput } from './views.ts'

export const vdrView = ({
  elementInstanceIds: _,
  fields,
  mappedElementIds,
  ...vdr
}: Vdr): z.input<typeof VdrReply> => ({
  ...vdr,
  fields: [...fields],
  mappedElementIds: [...mappedElementIds],
})

export const commonResourceView = (vdr: Vdr): z.input<typeof CommonResourceReply> => ({
  name: vdr.objectName,
  description: vdr.description,
  fields: vdr.fields.map(({ id: _, level, ...field }) => ({ ...field, associatedLevel: level })),
  elementInstanceIds: [...vdr.elementInstanceIds],
  mappedElementIds: [...vdr.mappedElementIds],
})

/** A reply that says what of the body was not stored; nothing is said where all was. */
export const withIgnored = <Body>(body: Body, ignored: readonly string[]): WithHeaders<Body> =>
  withHeaders(body, {
    'elements-error': ignored.length === 0 ? undefined : headerText(`ignored: ${ignored.join(', ')}`, 1_000),
  })

export const vdrInput = ({ description, fields }: z.output<typeof VdrBody>): VdrInput => ({
  description: description ?? undefined,
  fields: fields?.map((field) => ({
    ...fieldInput(field),
    id: field.id ?? undefined,
    level: field.level ?? undefined,
    associatedId: field.associatedId ?? undefined,
  })),
  changedFields: [],
  instanceIds: [],
})

export const commonResourceInput = (body: z.output<typeof CommonResourceBody>): VdrInput => ({
  description: body.description ?? undefined,
  fields: body.fields?.map((field) => ({
    ...fieldInput(field),
    id: undefined,
    level: field.associatedLevel ?? undefined,
    associatedId: field.associatedId ?? undefined,
  })),
  changedFields: (body.changedFields ?? []).map(({ path, oldPath, associatedLevel, associatedId }) => ({
    path,
    oldPath,
    level: associatedLevel ?? undefined,
    associatedId: associatedId ?? undefined,
  })),
  instanceIds: body.elementInstanceIds ?? [],
})
