import type { Edit } from '../../edits';

const FLOW = 'onboarding.ts';
const ACTIVE = ['active', 'active-before-crm'];
const ALL = [...ACTIVE, 'abandoned', 'open-opted-out'];

const MEMO = 'wf.upsertMemo({ accountId, plan });';
const WELCOME = "await this.mail('welcome');";
const PROVISION = 'const { workspace } = await activities.provisionWorkspace(';
const OPTED_OUT = "      await activities.syncCrm({ userId: this.signup.userId, stage: 'opted-out' });\n";
const PATCH_START = "    if (wf.patched('crm-sync')) {\n  ";
const PATCH_END = '    } else {\n      await wf.sleep(50);\n    }\n';

export const ONBOARDING_EDITS: readonly Edit[] = [
  {
    name: 'an activity is renamed',
    kind: 'breaking',
    changes: { [FLOW]: [['activities.provisionWorkspace(', 'activities.provisionTenant(']] },
    truths: [
      {
        histories: ACTIVE,
        event: 'ActivityTaskScheduled provisionWorkspace',
        kinds: ['renamed'],
        at: [[FLOW, 'activities.provisionTenant(']],
        remedies: ['rename-back', 'patch'],
      },
    ],
  },
  {
    name: 'search attributes are no longer set at one stage',
    kind: 'breaking',
    changes: { [FLOW]: [["    this.enter('verified');\n", '']] },
    truths: [
      {
        histories: ACTIVE,
        event: 'UpsertWorkflowSearchAttributes #2',
        kinds: ['removed'],
        // The command before it cancels the timer of that condition.
        at: [[FLOW, 'await wf.condition(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'search attributes are set once more, by a method',
    kind: 'breaking',
    changes: { [FLOW]: [[PROVISION, `this.enter('settling');\n    ${PROVISION}`]] },
    truths: [
      {
        histories: ACTIVE,
        event: 'ActivityTaskScheduled provisionWorkspace',
        kinds: ['added'],
        at: [[FLOW, 'wf.upsertSearchAttributes(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the memo is set later',
    kind: 'breaking',
    changes: { [FLOW]: [[`${MEMO}\n    ${WELCOME}`, `${WELCOME}\n    ${MEMO}`]] },
    truths: [
      {
        histories: ALL,
        event: 'WorkflowPropertiesModified',
        kinds: ['moved'],
        at: [[FLOW, 'await activities.sendEmail(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a memo is added',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          'await activities.deactivateAccount({ accountId });',
          'wf.upsertMemo({ reminders: this.reminders });\n    await activities.deactivateAccount({ accountId });',
        ],
      ],
    },
    truths: [
      {
        histories: ['abandoned'],
        event: 'ActivityTaskScheduled deactivateAccount',
        kinds: ['added'],
        at: [[FLOW, 'wf.upsertMemo({ reminders:']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'one more reminder',
    kind: 'breaking',
    changes: { [FLOW]: [['const MAX_REMINDERS = 2;', 'const MAX_REMINDERS = 3;']] },
    truths: [
      {
        histories: ['abandoned'],
        event: 'ActivityTaskScheduled deactivateAccount',
        kinds: ['added'],
        at: [[FLOW, 'await wf.condition(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a patch is removed too early',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [PATCH_START, ''],
        [PATCH_END, ''],
      ],
    },
    truths: [
      {
        histories: ['active'],
        event: 'MarkerRecorded crm-sync',
        kinds: ['removed'],
        at: [[FLOW, 'await activities.provisionWorkspace(']],
        remedies: ['keep-patch'],
      },
      {
        histories: ['active-before-crm'],
        event: 'TimerStarted #2',
        kinds: ['replaced'],
        at: [[FLOW, "stage: 'active'"]],
        remedies: ['keep-patch', 'patch'],
      },
    ],
  },
  {
    name: 'a patch is renamed',
    kind: 'breaking',
    changes: { [FLOW]: [["wf.patched('crm-sync')", "wf.patched('crm-sync-v2')"]] },
    truths: [
      {
        histories: ['active'],
        event: 'MarkerRecorded crm-sync',
        // On replay patched() of an unknown id issues nothing and is false: of the renamed call only the gap is seen.
        kinds: ['renamed', 'removed', 'replaced'],
        at: [
          [FLOW, "wf.patched('crm-sync-v2')"],
          [FLOW, 'await activities.provisionWorkspace('],
        ],
        remedies: ['rename-back', 'keep-patch'],
      },
    ],
  },
  {
    name: 'the branches of a patch are exchanged',
    kind: 'breaking',
    changes: { [FLOW]: [["if (wf.patched('crm-sync'))", "if (!wf.patched('crm-sync'))"]] },
    truths: [
      {
        histories: ['active'],
        event: 'ActivityTaskScheduled syncCrm',
        kinds: ['replaced'],
        at: [[FLOW, 'await wf.sleep(50)']],
        remedies: ['keep-patch', 'patch'],
      },
      {
        histories: ['active-before-crm'],
        event: 'TimerStarted #2',
        kinds: ['replaced'],
        at: [[FLOW, "stage: 'active'"]],
        remedies: ['keep-patch', 'patch'],
      },
    ],
  },
  {
    name: 'an activity is removed from a signal handler',
    kind: 'breaking',
    changes: { [FLOW]: [[OPTED_OUT, '']] },
    truths: [
      {
        histories: ['open-opted-out'],
        event: 'ActivityTaskScheduled syncCrm',
        kinds: ['removed'],
        // The handler had issued nothing before; the workflow stood at the condition.
        at: [
          [FLOW, 'await wf.condition('],
          [FLOW, 'wf.setHandler(optOut'],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is added to a signal handler',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          'wf.setHandler(emailVerified, () => {\n      this.verified = true;\n',
          "wf.setHandler(emailVerified, async () => {\n      this.verified = true;\n      await activities.syncCrm({ userId: this.signup.userId, stage: 'verified' });\n",
        ],
      ],
    },
    truths: [
      {
        histories: ACTIVE,
        event: 'TimerCanceled',
        kinds: ['added'],
        at: [[FLOW, "activities.syncCrm({ userId: this.signup.userId, stage: 'verified' }"]],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a timer is added in the middle',
    kind: 'breaking',
    changes: { [FLOW]: [[PROVISION, `await wf.sleep('10 minutes');\n    ${PROVISION}`]] },
    truths: [
      {
        histories: ACTIVE,
        event: 'ActivityTaskScheduled provisionWorkspace',
        kinds: ['added'],
        at: [[FLOW, "await wf.sleep('10 minutes')"]],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the length of a timer',
    kind: 'drifting',
    changes: { [FLOW]: [['wf.sleep(50)', 'wf.sleep(5_000)']] },
    truths: [
      {
        histories: ['active-before-crm'],
        event: 'TimerStarted #2',
        kinds: ['drift'],
        at: [[FLOW, 'wf.sleep(5_000)']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'startToFireTimeout',
      },
    ],
  },
  {
    name: 'the value of a search attribute',
    kind: 'drifting',
    changes: { [FLOW]: [["this.enter('verified')", "this.enter('email-verified')"]] },
    truths: [
      {
        histories: ACTIVE,
        event: 'UpsertWorkflowSearchAttributes #2',
        kinds: ['drift'],
        at: [[FLOW, 'wf.upsertSearchAttributes(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'searchAttributes.OnboardingStage',
      },
    ],
  },
  {
    name: 'the value of a memo',
    kind: 'drifting',
    changes: {
      [FLOW]: [
        ['wf.upsertMemo({ accountId, plan });', 'wf.upsertMemo({ accountId, plan: `${plan}-2026` });'],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'WorkflowPropertiesModified',
        kinds: ['drift'],
        at: [[FLOW, 'wf.upsertMemo(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'memo.plan',
      },
    ],
  },
  {
    name: 'a TypeError in a method that others call',
    kind: 'throwing',
    changes: {
      [FLOW]: [
        [
          '    const { email, userId } = this.signup;\n    await activities.sendEmail(',
          '    const { email, userId } = this.signup;\n    const language = (this.signup as any).profile.language;\n    await activities.sendEmail(',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.profile.language']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'a signal handler that throws',
    kind: 'throwing',
    changes: { [FLOW]: [['{ reason });', '{ reason: (reason as any).text.trim() });']] },
    truths: [
      {
        histories: ['open-opted-out'],
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.text.trim()']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'an activity is added behind patched()',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          "await this.mail('workspace-ready');",
          "await this.mail('workspace-ready');\n    if (wf.patched('tour')) await this.mail('tour');",
        ],
      ],
    },
    truths: [],
  },
  {
    name: 'a memo is dropped behind patched()',
    kind: 'safe',
    changes: { [FLOW]: [[MEMO, `if (!wf.patched('no-memo')) ${MEMO}`]] },
    truths: [],
  },
  {
    name: 'comments, and imports in another order',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          "import * as wf from '@temporalio/workflow';\nimport { STAGE } from './attributes';\nimport type {",
          "// Everything that a new user goes through.\nimport { STAGE } from './attributes';\nimport * as wf from '@temporalio/workflow';\nimport type {",
        ],
      ],
    },
    truths: [],
  },
];
