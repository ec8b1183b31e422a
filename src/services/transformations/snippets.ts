import { AppError } from '#src/lib/errors.ts'
import type { NewSnippet, SnippetRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { TransformationsNeed } from './owner.ts'

export type SnippetInput = Omit<NewSnippet, 'ownerId'>

const absent = (snippetId: number): AppError =>
  new AppError('not-found', `No snippet found with id ${snippetId}`)

const rowOf = ({ organizationId, accountId }: Caller, input: SnippetInput): NewSnippet => ({
  ...input,
  ownerId: input.level === 'organization' ? organizationId : accountId,
})

/** Texts to start scripts from. An organization's are seen by all its accounts, an account's by itself. */
export const createSnippets = ({ store }: TransformationsNeed) => ({
  snippets: ({ organizationId, accountId }: Caller): Promise<readonly SnippetRow[]> =>
    store.snippets.list(organizationId, accountId),
  /** @throws AppError `not-found`. */
  snippet: async ({ organizationId, accountId }: Caller, snippetId: number): Promise<SnippetRow> => {
    const row = await store.snippets.find(organizationId, accountId, snippetId)
    if (row === undefined) throw absent(snippetId)
    return row
  },
  addSnippet: (caller: Caller, input: SnippetInput): Promise<SnippetRow> =>
    store.snippets.insert(caller.organizationId, rowOf(caller, input)),
  /** @throws AppError `not-found`. */
  changeSnippet: async (caller: Caller, snippetId: number, input: SnippetInput): Promise<SnippetRow> => {
    const { organizationId, accountId } = caller
    const row = await store.snippets.update(organizationId, accountId, snippetId, rowOf(caller, input))
    if (row === undefined) throw absent(snippetId)
    return row
  },
  /** @throws AppError `not-found`. */
  removeSnippet: async ({ organizationId, accountId }: Caller, snippetId: number): Promise<void> => {
    if (!(await store.snippets.remove(organizationId, accountId, snippetId))) throw absent(snippetId)
  },
})
