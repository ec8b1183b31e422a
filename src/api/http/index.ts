// The HTTP shell: sockets, bodies, headers, error bodies, CORS, stopping. One call in, one reply out.
// What a path means is the dispatcher's business; no business rule, no element, no SQL here.

export { refuseMediaType } from './body.ts'
export type { ApiMethod, ApiReply, ApiRequest, CallArea, FinishedCall } from './call.ts'
export { carriedHeaders } from './carried-headers.ts'
export { cookieNamed } from './cookies.ts'
export { type ErrorBody, wrongVerb } from './errors.ts'
export type { FileStream } from './file-stream.ts'
export { readForm } from './form.ts'
export { headerText } from './header-text.ts'
export type { OutsideReply, OutsideRequest } from './outside.ts'
export { createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts'
export {
  type Credentials,
  isFromPage,
  pageHeader,
  readCredentials,
  sessionCookie,
} from './session-cookie.ts'
export { belowBase, segmentsOf, splitTarget } from './target.ts'
export type { Upload } from './upload.ts'
