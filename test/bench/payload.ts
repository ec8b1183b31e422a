/** What the vendor of the benchmark answers: the same bytes on every machine. */

type Row = Record<string, string | number | boolean | null>

/** A linear congruential generator (numbers of ANSI C); only evenness and repeatability matter. */
const createDice = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state / 0x8000_0000
  }
}

const rowAt = (at: number, dice: () => number): Row => {
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(dice() * 16).toString(16))
      .join('')
      .toUpperCase()
  const money = (): number => Math.round(dice() * 1_000_000) / 100
  const maybe = (text: string): string | null => (dice() < 0.5 ? text : null)
  return {
    ID: hex(20),
    Name: `Reise ${at} – Zürich "Q${at % 4}"`,
    Total: money(),
    CurrencyCode: 'EUR',
    Country: 'DE',
    CreateDate: '2026-03-05T10:11:12',
    SubmitDate: maybe('2026-03-07T08:00:00'),
    PaidDate: maybe('2026-03-12T00:00:00'),
    ReceiptsReceived: dice() < 0.5,
    LastComment: maybe('Please add the receipt.'),
    OwnerLoginID: `person${at}@sandbox.example`,
    OwnerName: `Muster, Max ${at}`,
    ApproverLoginID: maybe(`approver${at}@sandbox.example`),
    ApproverName: maybe('Boss, Bea'),
    ApprovalStatusName: 'Submitted & Pending Approval',
    ApprovalStatusCode: 'A_PEND',
    PaymentStatusName: 'Not Paid',
    PaymentStatusCode: 'P_NOTP',
    LastModifiedDate: '2026-03-08T13:14:15',
    TotalClaimedAmount: money(),
    TotalApprovedAmount: 0,
    PolicyID: hex(18),
    HasException: dice() < 0.3,
    OrgUnit1: null,
    OrgUnit2: null,
    Custom1: maybe('CC-100'),
    Custom2: null,
    Custom3: null,
  }
}

const rowsOnPage = 100
const extra = {
  URI: 'https://us2.api.concursolutions.com/api/v3.0/expense/reports/EAABE8570851C22D66D8',
  LedgerName: 'DEFAULT',
  WorkflowActionUrl:
    'https://us2.api.concursolutions.com/api/expense/expensereport/v1.1/report/workflowaction',
}

/** A page of 100 reports as the vendor lists them, and one report as it answers for an id. */
export const makePayload = (): { readonly page: string; readonly one: string; readonly id: string } => {
  const dice = createDice(20_260_305)
  const rows = Array.from({ length: rowsOnPage }, (_, at) => rowAt(at, dice))
  const one: Row = { ...rowAt(7, dice), ...extra }
  const next = 'https://us2.api.concursolutions.com/api/v3.0/expense/reports?offset=page2&limit=100'
  return {
    page: JSON.stringify({ Items: rows, NextPage: next }),
    one: JSON.stringify(one),
    id: String(one['ID']),
  }
}
