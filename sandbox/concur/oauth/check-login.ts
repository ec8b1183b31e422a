import { everyonesPassword, type LoginProblem, type Person, personByLogin } from '../people.ts'

/** Who a login and password belong to, or the error code that says why nobody. */
export const checkLogin = (
  login: string,
  password: string,
): { readonly person: Person } | { readonly code: LoginProblem | 5 | 100 } => {
  const person = personByLogin(login)
  if (person === undefined) return { code: 100 }
  if (password !== everyonesPassword) return { code: 5 }
  return person.problem === null ? { person } : { code: person.problem }
}
