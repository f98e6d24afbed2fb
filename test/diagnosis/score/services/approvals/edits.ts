import type { Edit } from '../../edits';

const FLOW = 'expense-report.ts';
const INTERCEPTORS = 'interceptors.ts';
const REPORTS = ['approved', 'rejected', 'open-escalated'];
const ALL = [...REPORTS, 'reimbursed'];

const SCAN = 'const receipt = await expenses.scanReceipt({ reportId, receiptId });';
const CHILD =
  "await executeChild(reimburse, {\n    workflowId: `reimburse-${reportId}`,\n    args: [employee, amountCents],\n    workflowExecutionTimeout: '1 day',\n  });";
const RESERVE = '  await expenses.reserveBudget({ reportId, amountCents });\n';
const PAID = '  await expenses.notifyEmployee({ reportId, employee, text: `Paid: ${paymentId}` });\n';

export const APPROVALS_EDITS: readonly Edit[] = [
  {
    name: 'an interceptor adds a timer',
    kind: 'breaking',
    changes: {
      [INTERCEPTORS]: [
        ['const signature = await', "await sleep('100 ms');\n    const signature = await"],
        [
          '  defaultPayloadConverter,\n  workflowInfo,',
          '  defaultPayloadConverter,\n  sleep,\n  workflowInfo,',
        ],
      ],
    },
    truths: [
      {
        histories: REPORTS,
        event: 'ActivityTaskScheduled askApprover',
        kinds: ['added'],
        at: [[INTERCEPTORS, 'await sleep(']],
        remedies: ['patch'],
      },
      {
        histories: ['reimbursed'],
        event: 'ActivityTaskScheduled payOut',
        kinds: ['added'],
        at: [[INTERCEPTORS, 'await sleep(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is added to an update handler',
    kind: 'breaking',
    changes: { [FLOW]: [[SCAN, `await expenses.checkDuplicate({ reportId, receiptId });\n      ${SCAN}`]] },
    truths: [
      {
        histories: ['approved'],
        event: 'ActivityTaskScheduled scanReceipt',
        kinds: ['added'],
        at: [[FLOW, 'expenses.checkDuplicate(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is removed from an update handler',
    kind: 'breaking',
    changes: { [FLOW]: [[SCAN, 'const receipt = { receiptId, amountCents: 0 };']] },
    truths: [
      {
        histories: ['approved'],
        event: 'ActivityTaskScheduled scanReceipt',
        kinds: ['removed', 'replaced', 'moved'],
        // The handler had issued nothing before; the workflow stood at the condition.
        at: [
          [FLOW, 'async (receiptId) => {'],
          [FLOW, 'if (await condition('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity of a signal handler is renamed',
    kind: 'breaking',
    changes: { [FLOW]: [['await expenses.postComment(', 'await expenses.publishComment(']] },
    truths: [
      {
        histories: ['rejected'],
        event: 'ActivityTaskScheduled postComment',
        kinds: ['renamed'],
        at: [[FLOW, 'expenses.publishComment(']],
        remedies: ['rename-back', 'patch'],
      },
    ],
  },
  {
    name: 'the child gets another id',
    kind: 'breaking',
    changes: { [FLOW]: [['`reimburse-${reportId}`', '`reimbursement-${reportId}`']] },
    truths: [
      {
        histories: ['approved'],
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['renamed'],
        at: [[FLOW, 'await executeChild(']],
        remedies: ['rename-back', 'patch'],
      },
    ],
  },
  {
    name: 'the child becomes an activity',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [CHILD, 'await expenses.payOut({ reference: `reimburse-${reportId}`, employee, amountCents });'],
        ['  executeChild,\n', ''],
      ],
    },
    truths: [
      {
        histories: ['approved'],
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['replaced'],
        at: [[FLOW, 'await expenses.payOut(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity moves behind the child',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [RESERVE, ''],
        [PAID, `${RESERVE}${PAID}`],
      ],
    },
    truths: [
      {
        histories: ['approved'],
        event: 'ActivityTaskScheduled reserveBudget',
        kinds: ['moved'],
        at: [[FLOW, 'await executeChild(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the last activity is removed',
    kind: 'breaking',
    changes: { [FLOW]: [[PAID, '']] },
    truths: [
      {
        histories: ['approved'],
        event: 'ActivityTaskScheduled notifyEmployee',
        kinds: ['removed'],
        at: [[FLOW, 'await executeChild(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity becomes a local one',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        ['await expenses.escalate(', 'await mail.escalate('],
        [
          'export const decide =',
          "const mail = proxyLocalActivities<ExpenseActivities>({ startToCloseTimeout: '5 seconds' });\n\nexport const decide =",
        ],
        ['  proxyActivities,\n', '  proxyActivities,\n  proxyLocalActivities,\n'],
      ],
    },
    truths: [
      {
        histories: ['open-escalated'],
        event: 'ActivityTaskScheduled escalate',
        kinds: ['replaced'],
        at: [[FLOW, 'mail.escalate(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the input of a child',
    kind: 'drifting',
    changes: { [FLOW]: [['args: [employee, amountCents],', 'args: [employee, amountCents / 100],']] },
    truths: [
      {
        histories: ['approved'],
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['drift'],
        at: [[FLOW, 'await executeChild(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'input[1]',
      },
    ],
  },
  {
    name: 'the timeout of a child',
    kind: 'drifting',
    changes: { [FLOW]: [["workflowExecutionTimeout: '1 day'", "workflowExecutionTimeout: '2 days'"]] },
    truths: [
      {
        histories: ['approved'],
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['drift'],
        at: [[FLOW, 'await executeChild(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'workflowExecutionTimeout',
      },
    ],
  },
  {
    name: 'a workflow type that is no longer exported',
    kind: 'throwing',
    changes: { 'workflows.ts': [["export * from './reimbursement';\n", '']] },
    truths: [
      {
        histories: ['reimbursed'],
        event: null,
        kinds: ['unknown-type'],
        at: [],
        remedies: ['restore-export'],
      },
    ],
  },
  {
    name: 'an interceptor that throws',
    kind: 'throwing',
    changes: {
      [INTERCEPTORS]: [
        [
          'const caller = workflowInfo().workflowId;',
          'const caller = (workflowInfo() as any).parentInfo.workflowId;',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: null,
        kinds: ['threw'],
        at: [[INTERCEPTORS, '.parentInfo.workflowId']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    // All handlers have finished, so the timer is cancelled before it was sent, and none comes after it.
    name: 'a timeout for a wait that is over at once',
    kind: 'safe',
    changes: {
      [FLOW]: [
        ['await condition(allHandlersFinished);', "await condition(allHandlersFinished, '1 minute');"],
      ],
    },
    truths: [],
  },
  {
    name: 'a query and a signal are added',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          '  setHandler(pendingApprover, () => current);',
          "  setHandler(pendingApprover, () => current);\n  setHandler(defineQuery<number>('receiptCount'), () => receipts.length);\n  setHandler(defineSignal('withdraw'), () => decisions.clear());",
        ],
      ],
    },
    truths: [],
  },
  {
    name: 'an interceptor adds a header, and logs',
    kind: 'safe',
    changes: {
      [INTERCEPTORS]: [
        [
          '      ...input.headers,',
          '      ...input.headers,\n      queue: defaultPayloadConverter.toPayload(workflowInfo().taskQueue)!,',
        ],
        [
          '    return await next({',
          "    log.info('calling', { activity: input.activityType });\n    return await next({",
        ],
        [
          '  defaultPayloadConverter,\n  workflowInfo,',
          '  defaultPayloadConverter,\n  log,\n  workflowInfo,',
        ],
      ],
    },
    truths: [],
  },
];
