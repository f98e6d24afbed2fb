import type { Edit } from '../../edits';

const FLOW = 'workflows.ts';
const SESSION = 'session.ts';
const SIGNED = ['sealed', 'open-one-signature'];
const ALL = [...SIGNED, 'declined-live-marker', 'expired'];

const INVITE = 'await Promise.all(signers.map((signer) => paper.invite({ documentId, signer })));';
const ARCHIVE = 'await paper.archive({ documentId, hash });';
const VERIFY = 'const { valid } = await paper.verifyCode({ documentId, signer, code });';
const STAMP = '      await stamp(documentId, signer);\n';

export const SIGNING_EDITS: readonly Edit[] = [
  {
    name: 'deprecatePatch() is removed while live markers are left',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        ["  deprecatePatch('invite-in-parallel');\n", ''],
        [', deprecatePatch }', ' }'],
      ],
    },
    truths: [
      {
        histories: ['declined-live-marker'],
        event: 'MarkerRecorded invite-in-parallel',
        kinds: ['removed'],
        at: [[FLOW, 'await paper.prepareDocument(']],
        remedies: ['deprecate-patch', 'keep-patch'],
      },
    ],
  },
  {
    name: 'an activity is added between the last ones',
    kind: 'breaking',
    changes: { [FLOW]: [[ARCHIVE, `await paper.addTimestamp({ documentId, hash });\n  ${ARCHIVE}`]] },
    truths: [
      {
        histories: ['sealed'],
        event: 'ActivityTaskScheduled archive',
        kinds: ['added'],
        at: [[FLOW, 'paper.addTimestamp(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'parallel activities become sequential',
    kind: 'breaking',
    changes: {
      [FLOW]: [[INVITE, 'for (const signer of signers) await paper.invite({ documentId, signer });']],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled invite #2',
        kinds: ['removed', 'moved'],
        at: [[FLOW, 'paper.invite(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the memo of an update handler is removed',
    kind: 'breaking',
    changes: { [SESSION]: [['      upsertMemo({ signed: session.signed.length });\n', '']] },
    truths: [
      {
        histories: SIGNED,
        event: 'WorkflowPropertiesModified',
        kinds: ['removed'],
        at: [[SESSION, 'await paper.stampPage(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'two activities of an update handler change places',
    kind: 'breaking',
    changes: {
      [SESSION]: [
        [STAMP, ''],
        [`      ${VERIFY}\n`, `${STAMP}      ${VERIFY}\n`],
      ],
    },
    truths: [
      {
        histories: SIGNED,
        event: 'ActivityTaskScheduled verifyCode',
        kinds: ['moved'],
        at: [[SESSION, 'await paper.stampPage(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'another activity in a signal handler',
    kind: 'breaking',
    changes: { [SESSION]: [['await paper.nudge({ documentId,', 'await paper.callSigners({ documentId,']] },
    truths: [
      {
        histories: ['declined-live-marker'],
        event: 'ActivityTaskScheduled nudge',
        kinds: ['renamed', 'replaced'],
        at: [[SESSION, 'paper.callSigners(']],
        remedies: ['patch', 'rename-back'],
      },
    ],
  },
  {
    name: 'a business failure in an update handler, before its last step',
    kind: 'breaking',
    changes: {
      [SESSION]: [
        [
          STAMP,
          `      if (code.length < 8) throw ApplicationFailure.nonRetryable('The code is too short', 'ShortCode');\n${STAMP}`,
        ],
      ],
    },
    truths: [
      {
        // The update is answered with the failure, where the stamp was scheduled.
        histories: SIGNED,
        event: 'ActivityTaskScheduled stampPage',
        kinds: ['removed', 'replaced', 'moved', 'added'],
        at: [
          [SESSION, "'The code is too short'"],
          [SESSION, 'await paper.verifyCode('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the message of a failure',
    kind: 'drifting',
    changes: { [FLOW]: [['`Declined by ${', '`Refused by ${']] },
    truths: [
      {
        histories: ['declined-live-marker'],
        event: 'WorkflowExecutionFailed',
        kinds: ['drift'],
        at: [[FLOW, '`Refused by ${']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'failure.message',
      },
    ],
  },
  {
    name: 'the result of an update',
    kind: 'drifting',
    changes: {
      [SESSION]: [
        ['return session.signed;', 'return [...session.signed].map((name) => name.toUpperCase());'],
      ],
    },
    truths: [
      {
        histories: SIGNED,
        event: 'WorkflowExecutionUpdateCompleted',
        kinds: ['drift'],
        at: [
          [SESSION, 'name.toUpperCase()'],
          [SESSION, 'upsertMemo({'],
        ],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'outcome.success[0]',
      },
    ],
  },
  {
    name: 'a timeout of activities',
    kind: 'drifting',
    changes: {
      [SESSION]: [["scheduleToCloseTimeout: '10 minutes'", "scheduleToCloseTimeout: '20 minutes'"]],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled prepareDocument',
        kinds: ['drift'],
        at: [[FLOW, 'await paper.prepareDocument(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'scheduleToCloseTimeout',
      },
    ],
  },
  {
    name: 'an update handler that throws',
    kind: 'throwing',
    changes: { [SESSION]: [['session.signed.push(signer);', '(session as any).signatures.push(signer);']] },
    truths: [
      {
        histories: SIGNED,
        event: null,
        kinds: ['threw'],
        at: [[SESSION, '.signatures.push(']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'an error in a helper of the main flow',
    kind: 'throwing',
    changes: {
      [FLOW]: [
        [
          'declinedBy !== null || signed.length === signers.length;',
          'declinedBy !== null || signed.length === (signers as any).required.length;',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.required.length']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'the validator of an update is stricter',
    kind: 'safe',
    changes: {
      [SESSION]: [['if (!signers.includes(signer))', "if (signer === '' || !signers.includes(signer))"]],
    },
    truths: [],
  },
  {
    name: 'a handler becomes a named function',
    kind: 'safe',
    changes: {
      [SESSION]: [
        [
          'setHandler(remind, async () => {\n    await paper.nudge({ documentId, signers: signers.filter(isMissing) });\n  });',
          'const remindMissing = async (): Promise<void> => {\n    const missing = signers.filter(isMissing);\n    await paper.nudge({ documentId, signers: missing });\n  };\n  setHandler(remind, remindMissing);',
        ],
      ],
    },
    truths: [],
  },
];
