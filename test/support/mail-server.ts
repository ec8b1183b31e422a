import { createServer, type Socket } from 'node:net'

/** An e-mail as a server took it. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  /** Header and body, lines ended by LF. */
  readonly text: string
}

/** What the server answers to a command line instead of its usual answer; undefined: the usual. */
export type Answering = (line: string) => string | undefined

/** A mail server on loopback that keeps what it takes (RFC 5321, as far as a client needs it). */
export const startMailServer = async () => {
  const taken: TakenMail[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  let answering: Answering = () => undefined

  const talk = (socket: Socket): void => {
    let from = ''
    let to: string[] = []
    let data: string[] | undefined
    const addressIn = (line: string): string => /<(.*?)>/.exec(line)?.[1] ?? ''
    const usual: Readonly<Record<string, (line: string) => string>> = {
      EHLO: () => '250-loopback\r\n250 AUTH PLAIN',
      AUTH: () => '235 welcome',
      MAIL: (line) => {
        from = addressIn(line)
        to = []
        return '250 ok'
      },
      RCPT: (line) => {
        to.push(addressIn(line))
        return '250 ok'
      },
      DATA: () => {
        data = []
        return '354 go on'
      },
      QUIT: () => '221 bye',
    }
    const command = (line: string): string => {
      lines.push(line)
      return answering(line) ?? usual[line.slice(0, 4).toUpperCase()]?.(line) ?? '250 ok'
    }
    const end = (text: string): string => {
      const other = answering('.')
      data = undefined
      if (other === undefined) taken.push({ from, to, text })
      return other ?? '250 taken'
    }
    const hear = (line: string): string | undefined => {
      if (data === undefined) return command(line)
      if (line === '.') return end(data.join('\n'))
      data.push(line.replace(/^\./, ''))
      return undefined
    }
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      const heard = (rest + chunk).split('\r\n')
      rest = heard.pop() ?? ''
      for (const line of heard) {
        const answer = hear(line)
        if (answer !== undefined) socket.write(`${answer}\r\n`)
        if (answer?.startsWith('221')) socket.end()
      }
    })
    socket.on('error', () => socket.destroy())
    socket.write('220 loopback\r\n')
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    talk(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://postman:planted-postman@127.0.0.1:${port}`,
    taken,
    /** Command lines so far. */
    lines,
    answer: (how: Answering): void => {
      answering = how
    },
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>
