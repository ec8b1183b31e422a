import type { Action, ActionField } from '#src/element/index.ts'

/**
 * What is done with a report: submit, approve, send back, recall, on Workflow v4. Approving and sending back have one
 * address for a company, which acts for whoever's turn it is, and one for a person, who must be the approver.
 * Source: SAP Concur, Workflows v4 (spec/concur.md 3.1), compared 2026-08.
 */
const own = '/expensereports/v4/users/{userId}'
const short = '/expensereports/v4/reports/{id}'

const comment: ActionField = {
  type: 'text',
  maxLength: 2000,
  description: 'What the approver says of it, in at most 2,000 characters.',
}

/** Who acts only where the report is still at the step that was seen. */
const expected: Readonly<Record<string, ActionField>> = {
  expectedStepCode: {
    type: 'text',
    description:
      'The code of the workflow step at which the report must still be; SAP Concur refuses otherwise.',
  },
  expectedStepSequence: {
    type: 'number',
    description: 'The number of that step in the workflow.',
  },
}

const workflowScopes = ['expense.report.workflowstatus.write', 'expense.report.readwrite'] as const

export const reportActions: Readonly<Record<string, Action>> = {
  submit: {
    title: 'Submit a report',
    call: {
      method: 'PATCH',
      path: `${own}/reports/{id}/submit`,
      principals: ['company', 'user'],
      scopes: ['expense.report.readwrite'],
    },
    body: {},
  },
  approve: {
    title: 'Approve a report',
    call: {
      method: 'PATCH',
      path: `${short}/approve`,
      pathFor: { user: `${own}/context/MANAGER/reports/{id}/approve` },
      principals: ['company', 'user'],
      scopes: workflowScopes,
    },
    body: {
      comment,
      expenseRejectedComment: {
        type: 'text',
        maxLength: 2000,
        description: 'Why expenses are rejected, in at most 2,000 characters; needed where one is.',
      },
      statusId: {
        type: 'text',
        maxLength: 6,
        description: 'The approval status that the report gets; A_APPR when absent.',
      },
      ...expected,
    },
  },
  'send-back': {
    title: 'Send a report back to its owner',
    call: {
      method: 'PATCH',
      path: `${short}/sendBack`,
      pathFor: { user: `${own}/context/MANAGER/reports/{id}/sendBack` },
      principals: ['company', 'user'],
      scopes: workflowScopes,
    },
    body: {
      comment: {
        ...comment,
        required: true,
        description: 'What the owner must change, in at most 2,000 characters.',
      },
    },
  },
  recall: {
    title: 'Take a submitted report back',
    call: {
      method: 'PATCH',
      path: `${own}/context/TRAVELER/reports/{id}/recall`,
      principals: ['user'],
      scopes: workflowScopes,
    },
    body: {},
  },
}
