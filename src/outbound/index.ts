// Outgoing HTTP: address guard, bounded connections, time and size limits, retry waits, errors in plain words.
// The only code that opens outgoing sockets. Which reply deserves another try, and what a reply means, is the
// caller's matter; no vendor, no database and no secret store is known here.
export { type AllowList, parseAllowList } from './allow-list.ts'
export type {
  BodySink,
  Method,
  OutboundReply,
  OutboundRequest,
  Outcome,
  Repetition,
  SentCall,
  StreamedBody,
} from './call.ts'
export { framingHeaders } from './exchange.ts'
export { createMailer, type Mailer, parseSmtpUrl, type SmtpServer } from './mail.ts'
export { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts'
