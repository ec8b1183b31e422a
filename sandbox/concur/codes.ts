/**
 * Codes of a report's life.
 * Follows: developer.concur.com, Reports v3 and the expense events page. Verified: 2026-08
 */
export const approvalNames: Readonly<Record<string, string>> = {
  A_NOTF: 'Not Submitted',
  A_FILE: 'Submitted',
  A_PEND: 'Submitted & Pending Approval',
  A_PECO: 'Pending Cost Object Approval',
  A_ACCO: 'Accounting Review',
  A_APPR: 'Approved',
  A_RESU: 'Sent Back to Employee',
  A_EXTV: 'Pending External Validation',
  A_PBDG: 'Pending Budget Approval',
  A_PVAL: 'Pending Prepayment Validation',
  A_RHLD: 'Pending Receipt Images',
  A_AAFH: 'Anomaly and Fraud Check',
  A_TEXP: 'Time Expired in Approval',
}

export const paymentNames: Readonly<Record<string, string>> = {
  P_NOTP: 'Not Paid',
  P_PROC: 'Processing Payment',
  P_PAID: 'Sent for Payment',
  P_PAYC: 'Payment Confirmed',
  P_HOLD: 'Payment on Hold',
}

/** Approval and payment status of a seeded report, with how many in 1,000 have them. */
export const statusShares: readonly (readonly [approval: string, payment: string, share: number])[] = [
  ['A_APPR', 'P_PAYC', 270],
  ['A_APPR', 'P_PAID', 210],
  ['A_NOTF', 'P_NOTP', 120],
  ['A_PEND', 'P_NOTP', 100],
  ['A_APPR', 'P_PROC', 80],
  ['A_ACCO', 'P_NOTP', 60],
  ['A_APPR', 'P_NOTP', 45],
  ['A_RESU', 'P_NOTP', 35],
  ['A_APPR', 'P_HOLD', 20],
  ['A_PECO', 'P_NOTP', 15],
  ['A_EXTV', 'P_NOTP', 12],
  ['A_FILE', 'P_NOTP', 8],
  ['A_RHLD', 'P_NOTP', 8],
  ['A_PBDG', 'P_NOTP', 5],
  ['A_PVAL', 'P_NOTP', 5],
  ['A_AAFH', 'P_NOTP', 4],
  ['A_TEXP', 'P_NOTP', 3],
]

/** Not yet in workflow: only these may be changed or lose an expense. */
export const isOpen = (approval: string): boolean => approval === 'A_NOTF' || approval === 'A_RESU'
