import { pick } from './hash.ts'
import { uuidOf } from './ids.ts'
import { departments, familyNames, givenNames, type Place, places } from './words.ts'

/** The one password of everybody here, and the company they work for. */
export const everyonesPassword = 'sandbox'
export const companyId = uuidOf('company')
export const adminLogin = 'admin@sandbox.example'

/** Why a login is refused: an OAuth error code of the authentication page. */
export type LoginProblem = 10 | 14 | 16 | 20 | 21 | 139

export interface Person {
  readonly index: number
  readonly login: string
  readonly id: string
  readonly given: string
  readonly family: string
  readonly active: boolean
  /** Web Services Administrator. */
  readonly admin: boolean
  readonly testUser: boolean
  readonly place: Place
  readonly city: readonly [name: string, subdivision: string | null]
  readonly department: readonly [code: string, name: string]
  readonly employeeNumber: string
  readonly managerLogin: string | null
  readonly problem: LoginProblem | null
}

const domain = 'sandbox.example'
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const namesake = (index: number): readonly [given: string, family: string] => [
  givenNames[index % givenNames.length] ?? 'ivy',
  familyNames[Math.floor(index / givenNames.length) % familyNames.length] ?? 'otter',
]

/** People whose login fails in a documented way, so that each failure can be tried. */
const troubled: readonly (readonly [name: string, problem: LoginProblem])[] = [
  ['locked', 14],
  ['abroad', 16],
  ['blocked', 20],
  ['sso', 21],
  ['renew', 139],
]

const seedOfPeople = 77

const makePerson = (
  index: number,
  names: readonly [string, string],
  login: string,
  more: { admin?: boolean; active?: boolean; problem?: LoginProblem },
): Person => {
  const place = index === 0 ? places[0] : pick(places, seedOfPeople, index, 1)
  const home = place ?? pick(places, seedOfPeople, index, 1)
  const active = more.active ?? true
  const boss = Math.floor(index / 10) * 10
  return {
    index,
    login,
    id: uuidOf(login),
    given: capital(names[0]),
    family: capital(names[1]),
    active,
    admin: more.admin ?? false,
    testUser: index > 0 && index % 50 === 0,
    place: home,
    city: pick(home.cities, seedOfPeople, index, 2),
    department: pick(departments, seedOfPeople, index, 3),
    employeeNumber: `E${String(10_000 + index)}`,
    managerLogin: index === 0 ? null : boss === index || boss === 0 ? adminLogin : loginOf(boss),
    problem: more.problem ?? (active ? null : 10),
  }
}

const loginOf = (index: number): string => `${namesake(index - 1).join('.')}@${domain}`

/** Some of the staff have left; nobody's manager has. */
const hasLeft = (index: number): boolean => index % 17 === 5 && index % 10 !== 0

/** Person 0 is the administrator, 1 to 200 the staff, the rest the troubled ones. */
const makePeople = (): readonly Person[] => {
  const list: Person[] = [makePerson(0, ['sandbox', 'admin'], adminLogin, { admin: true })]
  for (let index = 1; index <= givenNames.length * familyNames.length; index += 1) {
    list.push(makePerson(index, namesake(index - 1), loginOf(index), { active: !hasLeft(index) }))
  }
  for (const [name, problem] of troubled) {
    list.push(makePerson(list.length, [name, 'person'], `${name}@${domain}`, { problem }))
  }
  return list
}

export const people: readonly Person[] = makePeople()
export const staffCount = givenNames.length * familyNames.length

const byLogin = new Map(people.map((person) => [person.login, person]))
const byId = new Map(people.map((person) => [person.id, person]))

export const personByLogin = (login: string): Person | undefined => byLogin.get(login.trim().toLowerCase())
export const personById = (id: string): Person | undefined => byId.get(id)
export const fullName = (person: Person): string => `${person.family}, ${person.given}`
