import type { Connects } from '#src/services/index.ts'
import { apiBase } from './base.ts'
import { answerCallback, callbackPath } from './connects/callback.ts'
import type { OutsideReply, OutsideRequest } from './http/index.ts'

const loginPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in</title>
<p><a href="/sign-in">Sign in on the page</a>, or with <code>POST ${apiBase}/authentication</code>.</p>
</html>
`

const docsIndex = JSON.stringify({
  swagger: `${apiBase}/docs/all`,
  elements: `${apiBase}/elements`,
})

/**
 * Paths of the host beside the API that clients look at: the sign-in page must not be framed, the way to
 * the documents may be (spec/behaviour.md 0, CORS).
 */
export const createHostPaths =
  ({ connects }: { readonly connects: Connects }) =>
  async (request: OutsideRequest): Promise<OutsideReply | undefined> => {
    const { method, path } = request
    if (method !== 'GET') return undefined
    if (path === callbackPath) return answerCallback(connects, request)
    if (path === '/elements/jsp/login.jsp') {
      return {
        status: 200,
        headers: {
          'content-type': 'text/html;charset=UTF-8',
          'x-frame-options': 'DENY',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        },
        payload: loginPage,
      }
    }
    if (path === '/elements/api-docs') {
      return {
        status: 200,
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        payload: docsIndex,
      }
    }
    return undefined
  }
