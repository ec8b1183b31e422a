import { attendeeCount, attendeeIdAt, attendeeTypeAt } from './attendees/attendee-data.ts'
import { paymentTypes } from './config/config-data.ts'
import type { DataCentre } from './data-centres.ts'
import { chance, mix, pick, pickNumber } from './hash.ts'
import { entryIdAt, expenseIdAt } from './ids.ts'
import { costCentreAt, costCentreCount, costCentreId, vendorItemId } from './lists/list-data.ts'
import { personByLogin } from './people.ts'
import { protectedId } from './protected-id.ts'
import { type Entry, listField, type Report } from './records.ts'
import { type ExpenseType, expenseTypes, type Place, places } from './words.ts'

/** The seeded entries of one report, a pure function like the report itself. */

const cardId = 'gW$pPaymentCard'
export const isCompanyCard = (entry: Entry): boolean => entry.paymentTypeId === cardId

const dayMs = 86_400_000
/** Different numbers for each entry of a report. */
const saltOf = (position: number, what: number): number => 1000 + position * 40 + what

export const roundMoney = (amount: number, decimals: 0 | 2): number => {
  const factor = decimals === 0 ? 1 : 100
  return Math.round(amount * factor) / factor
}

const homeOf = (report: Report): Place =>
  places.find((place) => place.country === report.country) ?? firstPlace
const firstPlace = pick(places, 0, 0, 0)

const moneyOf = (seed: number, index: number, position: number, type: ExpenseType, home: Place) => {
  const abroad = chance(12, seed, index, saltOf(position, 3))
  const spent = abroad ? pick(places, seed, index, saltOf(position, 4)) : home
  const cents = type.from * 100 + pickNumber(seed, index, saltOf(position, 5), (type.to - type.from) * 100)
  const amount = roundMoney((cents / 100) * spent.perDollar, spent.decimals)
  const exchangeRate =
    spent.currency === home.currency ? 1 : Number((home.perDollar / spent.perDollar).toFixed(6))
  return { spent, amount, exchangeRate, posted: roundMoney(amount * exchangeRate, home.decimals) }
}

const guestsOf = (
  seed: number,
  index: number,
  position: number,
  home: DataCentre,
  type: ExpenseType,
): Entry['attendees'] => {
  if (type.guests === undefined) return []
  const count = 1 + pickNumber(seed, index, saltOf(position, 6), 3)
  const numbers = Array.from({ length: count }, (_, guest) =>
    pickNumber(seed, index, saltOf(position, 20 + guest), attendeeCount),
  )
  return [...new Set(numbers)].map((number) => ({
    id: attendeeIdAt(home, number),
    typeCode: attendeeTypeAt(number),
  }))
}

/** Some name their vendor by an item of the vendor list, as users do who choose from it. */
const listedVendor = (listed: boolean, home: DataCentre, vendor: string) => ({
  vendorListItemId: listed ? protectedId('item', vendorItemId(home, vendor)) : null,
  vendorListItemName: listed ? vendor : null,
})

const costCentreOf = (home: DataCentre, number: number): Entry['fields'] => {
  const item = costCentreAt(number)
  return { Custom4: listField('List', item, costCentreId(home, item[0])) }
}

const seedEntry = (seed: number, report: Report, index: number, position: number): Entry => {
  const salt = (what: number) => saltOf(position, what)
  const home = homeOf(report)
  const type = pick(expenseTypes, seed, index, salt(1))
  const { spent, amount, exchangeRate, posted } = moneyOf(seed, index, position, type, home)
  const { v3Id: paymentTypeId, name: paymentTypeName } = pick(paymentTypes, seed, index, salt(2))
  const city = pick(spent.cities, seed, index, salt(7))
  const personal = chance(3, seed, index, salt(8))
  const vendor = pick(type.vendors, seed, index, salt(9))
  const company = personByLogin(report.ownerLogin)?.home ?? 'us2'
  const daysBefore = pickNumber(seed, index, salt(10), 21)
  return {
    id: entryIdAt(index, position, seed),
    expenseId: expenseIdAt(index, position, seed),
    reportId: report.id,
    position,
    ownerLogin: report.ownerLogin,
    typeCode: type.code,
    typeName: type.name,
    categoryCode: type.category[0],
    categoryName: type.category[1],
    paymentTypeId,
    paymentTypeName,
    transactionAt: Math.floor(report.createdAt / dayMs - daysBefore) * dayMs,
    currency: spent.currency,
    amount,
    exchangeRate,
    posted,
    approved: personal ? 0 : posted,
    description: chance(30, seed, index, salt(11)) ? `${type.name} in ${city[0]}` : null,
    hasComment: chance(10, seed, index, salt(12)),
    billable: chance(20, seed, index, salt(13)),
    personal,
    taxReceiptType: pick(['T', 'R', 'N'], seed, index, salt(14)),
    vendorDescription: vendor,
    ...listedVendor(chance(40, seed, index, salt(25)), company, vendor),
    locationId: `gW$pLocation${city[0]}`,
    locationName: city[1] === null ? city[0] : `${city[0]}, ${city[1].slice(3)}`,
    locationCountry: spent.country,
    locationSubdivision: city[1],
    journey: null,
    attendees: guestsOf(seed, index, position, company, type),
    hasVat: spent.country !== 'US' && chance(70, seed, index, salt(15)),
    hasImage: chance(60, seed, index, salt(16)),
    paidByExpensePay: report.processingAt !== null,
    batchId: report.batchId,
    modifiedAt: report.createdAt + (mix(seed, index, salt(17)) % 3_000_000),
    fields: chance(50, seed, index, salt(26))
      ? costCentreOf(company, pickNumber(seed, index, salt(27), costCentreCount))
      : {},
  }
}

/** One report in 30 that was never submitted is still empty; the others have one to six entries. */
const countAt = (seed: number, index: number, report: Report): number =>
  report.submitAt === null && mix(seed, index, 999) % 30 === 0 ? 0 : 1 + pickNumber(seed, index, 998, 6)

export const seedEntries = (seed: number, report: Report, index: number): Entry[] =>
  Array.from({ length: countAt(seed, index, report) }, (_, position) =>
    seedEntry(seed, report, index, position),
  )
