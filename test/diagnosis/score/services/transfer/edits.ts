import type { Edit } from '../../edits';

const FLOW = 'workflows.ts';
const PAID = ['completed', 'approved'];
const MOVED = [...PAID, 'account-closed'];
const ASKED = ['approved', 'open-approval'];
const ALL = [...MOVED, 'open-approval'];

const LIMITS = 'const { needsApproval } = await checkLimits(request);';
const RECEIPT = 'await sendReceipt(receipt);';
const REFUND = 'await refund({ account: from, amountCents, reference: `${transferId}-back` });';
const LOSS = "await recordLoss({ transferId, reason: 'deposit failed' });";
const WAIT = "await condition(() => approval !== undefined, '2 days')";

/** A new activity of the bank, and its import. */
const newActivity = (name: string): Record<string, [string, string][]> => ({
  'bank.ts': [
    ['{ requestApproval, sendReceipt, recordLoss }', `{ requestApproval, sendReceipt, recordLoss, ${name} }`],
  ],
  [FLOW]: [
    ['import { checkLimits, deposit, recordLoss,', `import { ${name}, checkLimits, deposit, recordLoss,`],
  ],
});

const withNewActivity = (name: string, ...flow: [string, string][]): Record<string, [string, string][]> => {
  const changes = newActivity(name);
  return { ...changes, [FLOW]: [...changes[FLOW]!, ...flow] };
};

export const TRANSFER_EDITS: readonly Edit[] = [
  {
    name: 'an activity is added before a local activity, at the start',
    kind: 'breaking',
    changes: withNewActivity('screenParties', [LIMITS, `await screenParties({ from, to });\n  ${LIMITS}`]),
    truths: [
      {
        histories: ALL,
        event: 'MarkerRecorded checkLimits',
        kinds: ['added'],
        at: [[FLOW, 'await screenParties(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is added at the end',
    kind: 'breaking',
    changes: withNewActivity('closeLedger', [RECEIPT, `${RECEIPT}\n  await closeLedger({ transferId });`]),
    truths: [
      {
        histories: PAID,
        event: 'WorkflowExecutionCompleted',
        kinds: ['added'],
        at: [[FLOW, 'await closeLedger(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is removed from the compensation, in a helper',
    kind: 'breaking',
    changes: { [FLOW]: [[`    ${LOSS}\n`, '']] },
    truths: [
      {
        histories: ['account-closed'],
        event: 'ActivityTaskScheduled recordLoss',
        kinds: ['removed'],
        at: [[FLOW, 'await refund(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'two activities of the compensation change places',
    kind: 'breaking',
    changes: { [FLOW]: [[`${REFUND}\n    ${LOSS}`, `${LOSS}\n    ${REFUND}`]] },
    truths: [
      {
        histories: ['account-closed'],
        event: 'ActivityTaskScheduled refund',
        kinds: ['moved'],
        at: [[FLOW, 'await recordLoss(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a local activity becomes an ordinary one',
    kind: 'breaking',
    changes: {
      'bank.ts': [
        [', proxyLocalActivities }', ' }'],
        ['proxyLocalActivities<LimitActivities>', 'proxyActivities<LimitActivities>'],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'MarkerRecorded checkLimits',
        kinds: ['replaced'],
        at: [[FLOW, 'await checkLimits(']],
        remedies: ['patch', 'version-worker'],
      },
    ],
  },
  {
    name: 'a condition loses its timeout',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          `    if (!(${WAIT})) {\n      throw ApplicationFailure.nonRetryable('Nobody approved the transfer in time', 'ApprovalTimeout');\n    }\n`,
          '    await condition(() => approval !== undefined);\n',
        ],
      ],
    },
    truths: [
      {
        histories: ASKED,
        event: 'TimerStarted',
        kinds: ['removed'],
        // It stood at the first, and stands at the second now.
        at: [
          [FLOW, 'await requestApproval('],
          [FLOW, 'await condition('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a business failure comes before the first movement',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          "  state = 'moving';",
          "  if (amountCents > 10_000) {\n    throw ApplicationFailure.nonRetryable('Over the limit of this account', 'OverLimit');\n  }\n  state = 'moving';",
        ],
      ],
    },
    truths: [
      {
        histories: MOVED,
        event: 'ActivityTaskScheduled withdraw',
        kinds: ['replaced', 'added', 'removed'],
        at: [[FLOW, "'Over the limit of this account'"]],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the error after the compensation is swallowed',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          'await putBack(request);\n    throw err;',
          "await putBack(request);\n    return { transferId, withdrawal, deposit: '' };",
        ],
      ],
    },
    truths: [
      {
        histories: ['account-closed'],
        event: 'WorkflowExecutionFailed',
        kinds: ['replaced', 'removed'],
        at: [
          [FLOW, 'await recordLoss('],
          [FLOW, "deposit: '' }"],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the input of an activity',
    kind: 'drifting',
    changes: {
      [FLOW]: [
        [
          'withdraw({ account: from, amountCents,',
          'withdraw({ account: from, amountCents: amountCents + 95,',
        ],
      ],
    },
    truths: [
      {
        histories: MOVED,
        event: 'ActivityTaskScheduled withdraw',
        kinds: ['drift'],
        at: [[FLOW, 'await withdraw(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'input.amountCents',
      },
    ],
  },
  {
    name: 'the retry policy of activities',
    kind: 'drifting',
    changes: { 'bank.ts': [['maximumAttempts: 5', 'maximumAttempts: 3']] },
    truths: [
      {
        histories: MOVED,
        event: 'ActivityTaskScheduled withdraw',
        kinds: ['drift'],
        at: [[FLOW, 'await withdraw(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'retryPolicy.maximumAttempts',
      },
    ],
  },
  {
    name: 'the timeout of a condition',
    kind: 'drifting',
    changes: { [FLOW]: [["approval !== undefined, '2 days')", "approval !== undefined, '3 days')"]] },
    truths: [
      {
        histories: ASKED,
        event: 'TimerStarted',
        kinds: ['drift'],
        at: [[FLOW, 'await condition(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'startToFireTimeout',
      },
    ],
  },
  {
    name: 'a TypeError after an activity result',
    kind: 'throwing',
    changes: {
      [FLOW]: [
        [
          'transferId, withdrawal, deposit: booking };',
          'transferId, withdrawal: (withdrawal as any).booking.id, deposit: booking };',
        ],
      ],
    },
    truths: [
      {
        histories: PAID,
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.booking.id']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'a log line and another name of a variable',
    kind: 'safe',
    changes: {
      [FLOW]: [
        ['let booking: string;', 'let bookedAs: string;'],
        ['booking = await deposit(', 'bookedAs = await deposit('],
        ['deposit: booking };', "deposit: bookedAs };\n  log.info('moved', { transferId, amountCents });"],
      ],
    },
    truths: [],
  },
  {
    name: 'the compensation moves to another file',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          `async function putBack({ transferId, from, amountCents }: TransferRequest): Promise<void> {\n  await CancellationScope.nonCancellable(async () => {\n    ${REFUND}\n    ${LOSS}\n  });\n}\n`,
          '',
        ],
        ["} from './bank';", "} from './bank';\nimport { putBack } from './compensation';"],
      ],
    },
    newFiles: {
      'compensation.ts': `import { CancellationScope } from '@temporalio/workflow';
import * as bank from './bank';
import type { TransferRequest } from './types';

export async function putBack({ transferId, from, amountCents }: TransferRequest): Promise<void> {
  const movement = { account: from, amountCents, reference: \`\${transferId}-back\` };
  await CancellationScope.nonCancellable(async () => {
    await bank.refund(movement);
    await bank.recordLoss({ transferId, reason: 'deposit failed' });
  });
}
`,
    },
    truths: [],
  },
];
