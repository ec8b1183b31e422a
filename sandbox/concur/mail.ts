/** What the sandbox would have mailed; people and tests read it at `GET /sandbox/mail`. Never stored. */
interface Letter {
  readonly at: string
  readonly to: string
  readonly otp: string
  readonly link: string | null
}

export interface Mail {
  send(letter: Letter): void
  list(): readonly Letter[]
}

const kept = 100

export const createMail = (): Mail => {
  let letters: Letter[] = []
  return {
    send: (letter) => {
      letters = [...letters.slice(1 - kept), letter]
    },
    list: () => letters,
  }
}
