/** The words that seeded data is made of. All people are plants and animals; all firms are invented. */

export interface Place {
  readonly country: string
  readonly currency: string
  readonly locale: string
  readonly timezone: string
  /** How many units of the currency buy what one US dollar buys; fixed, so that totals never change. */
  readonly perDollar: number
  readonly decimals: 0 | 2
  readonly cities: readonly (readonly [name: string, subdivision: string | null])[]
}

export const places: readonly Place[] = [
  {
    country: 'US',
    currency: 'USD',
    locale: 'en-US',
    timezone: 'America/New_York',
    perDollar: 1,
    decimals: 2,
    cities: [
      ['Seattle', 'US-WA'],
      ['Boston', 'US-MA'],
      ['Chicago', 'US-IL'],
      ['Austin', 'US-TX'],
    ],
  },
  {
    country: 'DE',
    currency: 'EUR',
    locale: 'de-DE',
    timezone: 'Europe/Berlin',
    perDollar: 0.9,
    decimals: 2,
    cities: [
      ['Munich', 'DE-BY'],
      ['Hamburg', 'DE-HH'],
      ['Cologne', 'DE-NW'],
    ],
  },
  {
    country: 'FR',
    currency: 'EUR',
    locale: 'fr-FR',
    timezone: 'Europe/Paris',
    perDollar: 0.9,
    decimals: 2,
    cities: [
      ['Lyon', null],
      ['Nantes', null],
      ['Paris', null],
    ],
  },
  {
    country: 'GB',
    currency: 'GBP',
    locale: 'en-GB',
    timezone: 'Europe/London',
    perDollar: 0.8,
    decimals: 2,
    cities: [
      ['Leeds', null],
      ['Bristol', null],
      ['London', null],
    ],
  },
  {
    country: 'CA',
    currency: 'CAD',
    locale: 'en-CA',
    timezone: 'America/Toronto',
    perDollar: 1.35,
    decimals: 2,
    cities: [
      ['Vancouver', 'CA-BC'],
      ['Toronto', 'CA-ON'],
    ],
  },
  {
    country: 'JP',
    currency: 'JPY',
    locale: 'ja-JP',
    timezone: 'Asia/Tokyo',
    perDollar: 150,
    decimals: 0,
    cities: [
      ['Osaka', 'JP-27'],
      ['Tokyo', 'JP-13'],
    ],
  },
  {
    country: 'IN',
    currency: 'INR',
    locale: 'en-IN',
    timezone: 'Asia/Kolkata',
    perDollar: 84,
    decimals: 2,
    cities: [
      ['Pune', 'IN-MH'],
      ['Bengaluru', 'IN-KA'],
    ],
  },
  {
    country: 'AU',
    currency: 'AUD',
    locale: 'en-AU',
    timezone: 'Australia/Sydney',
    perDollar: 1.5,
    decimals: 2,
    cities: [
      ['Sydney', 'AU-NSW'],
      ['Perth', 'AU-WA'],
    ],
  },
]

/** One purpose of travel each; a report's name is a city and one of these, or a month and one. */
export const purposes = [
  'customer visit',
  'sales meeting',
  'training',
  'trade fair',
  'project kick-off',
  'site inspection',
  'team meeting',
  'conference',
  'supplier audit',
] as const
export const monthly = ['office supplies', 'phone and internet', 'parking', 'client lunches'] as const
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

export const givenNames = [
  ...['amber', 'basil', 'cedar', 'dahlia', 'elder', 'fern', 'ginger', 'hazel', 'ivy', 'juniper'],
  ...['laurel', 'myrtle', 'nettle', 'olive', 'poppy', 'rowan', 'sage', 'tansy', 'violet', 'willow'],
] as const
export const familyNames = [
  ...['badger', 'curlew', 'dormouse', 'egret', 'falcon'],
  ...['heron', 'linnet', 'marten', 'otter', 'plover'],
] as const

export interface ExpenseType {
  readonly code: string
  readonly name: string
  readonly category: readonly [code: string, name: string]
  /** Range of the amount in US dollars. */
  readonly from: number
  readonly to: number
  readonly vendors: readonly string[]
  readonly guests?: true
}

export const expenseTypes: readonly ExpenseType[] = [
  {
    code: 'AIRFR',
    name: 'Airfare',
    category: ['AIRFR', 'Airfare'],
    from: 140,
    to: 980,
    vendors: ['Northern Wings', 'Blue Crane Air', 'Meridian Airlines'],
  },
  {
    code: 'LODNG',
    name: 'Hotel',
    category: ['LODGA', 'Lodging'],
    from: 90,
    to: 620,
    vendors: ['Harbour Lodge', 'Hotel Linden', 'Station Inn'],
  },
  {
    code: 'TAXIX',
    name: 'Taxi',
    category: ['GRTRN', 'Ground Transportation'],
    from: 8,
    to: 70,
    vendors: ['City Cabs', 'Green Taxi'],
  },
  {
    code: 'TRAIN',
    name: 'Train',
    category: ['TRAIN', 'Train'],
    from: 15,
    to: 190,
    vendors: ['Coast Rail', 'Valley Trains'],
  },
  {
    code: 'DINNR',
    name: 'Dinner',
    category: ['MEALS', 'Meals'],
    from: 12,
    to: 85,
    vendors: ['The Copper Pot', 'Trattoria Sole', 'Lantern House'],
  },
  {
    code: 'BUSML',
    name: 'Business Meal (attendees)',
    category: ['ENTER', 'Entertainment'],
    from: 40,
    to: 320,
    vendors: ['The Copper Pot', 'Lantern House', 'Riverside Grill'],
    guests: true,
  },
  {
    code: 'PARKG',
    name: 'Parking',
    category: ['GRTRN', 'Ground Transportation'],
    from: 4,
    to: 45,
    vendors: ['Central Garage'],
  },
  {
    code: 'OFCSP',
    name: 'Office Supplies',
    category: ['OFFIC', 'Office Supplies'],
    from: 6,
    to: 120,
    vendors: ['Paper and Pen', 'Desk Depot'],
  },
  {
    code: 'CELPH',
    name: 'Mobile Phone',
    category: ['TELEC', 'Telecommunications'],
    from: 20,
    to: 75,
    vendors: ['Clearline Mobile'],
  },
]

export const departments: readonly (readonly [code: string, name: string])[] = [
  ['RND', 'Research'],
  ['SLS', 'Sales'],
  ['OPS', 'Operations'],
  ['FIN', 'Finance'],
  ['MKT', 'Marketing'],
]
/** Every department has these. */
export const teams: readonly (readonly [code: string, name: string])[] = [
  ['NORTH', 'North'],
  ['SOUTH', 'South'],
]
export const costCentreKinds = ['Plant', 'Office', 'Warehouse', 'Laboratory', 'Workshop'] as const
export const projects: readonly (readonly [code: string, name: string])[] = [
  ['P-100', 'Lighthouse'],
  ['P-200', 'Orchard'],
  ['P-300', 'Viaduct'],
]
/** Firms that guests come from. */
export const guestCompanies = [
  'Bracken Works',
  'Tidewater Glass',
  'Larch and Sons',
  'Millrace Paper',
  'Sandbank Foods',
] as const
/** Firms that send invoices. */
export const invoiceVendors = [
  'Alder Print',
  'Copperfield Tools',
  'Harrow Cleaning',
  'Quarry Stone',
  'Redshank Energy',
] as const
