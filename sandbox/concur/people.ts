import type { DataCentre } from './data-centres.ts'
import { pick } from './hash.ts'
import { uuidOf } from './ids.ts'
import { departments, familyNames, givenNames, type Place, places } from './words.ts'

/** The one password of everybody here. */
export const everyonesPassword = 'sandbox'
export const adminLogin = 'admin@sandbox.example'
/** The administrator of the company in the other data centre, and the person who is met abroad. */
export const euAdminLogin = 'admin@eu2.sandbox.example'
export const abroadLogin = 'abroad@sandbox.example'

/** Why a login is refused: an OAuth error code of the authentication page. */
export type LoginProblem = 10 | 14 | 20 | 21 | 139

export interface Person {
  readonly index: number
  /** Where the person's company lives. */
  readonly home: DataCentre
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
  ['blocked', 20],
  ['sso', 21],
  ['renew', 139],
]

const seedOfPeople = 77

interface About {
  readonly manager: string | null
  readonly home?: DataCentre
  readonly admin?: boolean
  readonly active?: boolean
  readonly problem?: LoginProblem
}

const firstEuIndex = 300
const euPlaces = places.filter((place) => place.currency === 'EUR')

const makePerson = (
  index: number,
  names: readonly [string, string],
  login: string,
  { manager, home = 'us2', admin = false, active = true, problem }: About,
): Person => {
  const first = index === 0 ? places[0] : undefined
  const place = first ?? pick(home === 'eu2' ? euPlaces : places, seedOfPeople, index, 1)
  return {
    index,
    home,
    login,
    id: uuidOf(login),
    given: capital(names[0]),
    family: capital(names[1]),
    active,
    admin,
    testUser: index > 0 && index % 50 === 0 && home === 'us2',
    place,
    city: pick(place.cities, seedOfPeople, index, 2),
    department: pick(departments, seedOfPeople, index, 3),
    employeeNumber: `E${String(10_000 + index)}`,
    managerLogin: manager,
    problem: problem ?? (active ? null : 10),
  }
}

const loginOf = (index: number): string => `${namesake(index - 1).join('.')}@${domain}`

/** Every tenth leads the nine that follow. */
const managerOf = (index: number): string => {
  const boss = Math.floor(index / 10) * 10
  return boss === index || boss === 0 ? adminLogin : loginOf(boss)
}

/** Some of the staff have left; nobody's manager has. */
const hasLeft = (index: number): boolean => index % 17 === 5 && index % 10 !== 0

/** Person 0 is the administrator, 1 to 200 the staff, the rest the troubled ones. */
const makePeople = (): Person[] => {
  const list: Person[] = [makePerson(0, ['sandbox', 'admin'], adminLogin, { manager: null, admin: true })]
  for (let index = 1; index <= givenNames.length * familyNames.length; index += 1) {
    const about = { manager: managerOf(index), active: !hasLeft(index) }
    list.push(makePerson(index, namesake(index - 1), loginOf(index), about))
  }
  for (const [name, problem] of troubled) {
    const about = { manager: managerOf(list.length), problem }
    list.push(makePerson(list.length, [name, 'person'], `${name}@${domain}`, about))
  }
  return list
}

const euStaffCount = 8

/** The other data centre's company: its administrator, the person abroad, and a few of staff. */
const makeEuPeople = (): Person[] => {
  const shared = { home: 'eu2', manager: euAdminLogin } as const
  const staff = Array.from({ length: euStaffCount }, (_, place) => {
    const names = namesake(place)
    const login = `${names.join('.')}@eu2.${domain}`
    return makePerson(firstEuIndex + 2 + place, names, login, shared)
  })
  return [
    makePerson(firstEuIndex, ['europe', 'admin'], euAdminLogin, { ...shared, manager: null, admin: true }),
    makePerson(firstEuIndex + 1, ['abroad', 'person'], abroadLogin, shared),
    ...staff,
  ]
}

const byHome: Readonly<Record<DataCentre, readonly Person[]>> = { us2: makePeople(), eu2: makeEuPeople() }
export const staffCount = givenNames.length * familyNames.length

const everybody = [...byHome.us2, ...byHome.eu2]
const byLogin = new Map(everybody.map((person) => [person.login, person]))
const byId = new Map(everybody.map((person) => [person.id, person]))

/** Everybody of the company that lives in a data centre, its administrator first. */
export const peopleOf = (home: DataCentre): readonly Person[] => byHome[home]
export const personByLogin = (login: string): Person | undefined => byLogin.get(login.trim().toLowerCase())
export const personById = (id: string): Person | undefined => byId.get(id)
export const fullName = (person: Person): string => `${person.family}, ${person.given}`
