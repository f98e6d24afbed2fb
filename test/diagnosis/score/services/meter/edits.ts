import type { Edit } from '../../edits';

const FLOW = 'workflows.ts';
const DESK = 'alarm-desk.ts';
const POLLS = ['alarmed', 'continued', 'cancelled'];

const PAUSED = 'await condition(() => !paused);';
const SLEEP = "await sleep(state.every as '1 second');";
const NEXT_RUN = 'if (!stopped) await continueAsNew<typeof pollMeter>({ ...state, total });';
const ALARM = 'await getExternalWorkflowHandle(`alarm-desk-${site}`).signal(raiseAlarm, { meterId, kw });';
const CLOSE = 'await device.closeTicket({ ticket });';
const BREAK = "await workflow.sleep('1 second');";

export const METER_EDITS: readonly Edit[] = [
  {
    name: 'a signal to another workflow is removed',
    kind: 'breaking',
    changes: { [FLOW]: [[`    ${ALARM}\n`, '']] },
    truths: [
      {
        histories: ['alarmed'],
        event: 'SignalExternalWorkflowExecutionInitiated',
        kinds: ['removed'],
        at: [[FLOW, 'await device.storeReading(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'it completes instead of continuing as new',
    kind: 'breaking',
    changes: { [FLOW]: [[`  ${NEXT_RUN}\n`, '']] },
    truths: [
      {
        histories: ['continued'],
        event: 'WorkflowExecutionContinuedAsNew',
        kinds: ['replaced', 'removed'],
        at: [
          [FLOW, 'await sleep('],
          [FLOW, 'return total;'],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'one round less',
    kind: 'breaking',
    changes: { [FLOW]: [['round <= state.roundsPerRun', 'round < state.roundsPerRun']] },
    truths: [
      {
        histories: ['continued'],
        event: 'ActivityTaskScheduled readMeter #2',
        kinds: ['removed', 'moved', 'replaced'],
        at: [
          [FLOW, 'await continueAsNew<'],
          [FLOW, 'await sleep('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the timer of a loop moves to the start of a round',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [`      ${SLEEP}\n`, ''],
        [`      ${PAUSED}\n`, `      ${SLEEP}\n      ${PAUSED}\n`],
      ],
    },
    truths: [
      {
        histories: POLLS,
        event: 'ActivityTaskScheduled readMeter',
        kinds: ['moved', 'added'],
        at: [[FLOW, 'await sleep(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    // Its own timer is cancelled before it was sent; the next one gets another id by it.
    name: 'a timeout for a wait that is over at once, before other timers',
    kind: 'breaking',
    changes: { [FLOW]: [[PAUSED, "await condition(() => !paused, '1 hour');"]] },
    truths: [
      {
        histories: POLLS,
        event: 'TimerStarted',
        kinds: ['renamed', 'added'],
        at: [
          [FLOW, 'await sleep('],
          [FLOW, 'await condition('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity becomes a local one, from another module',
    kind: 'breaking',
    changes: {
      'device.ts': [
        ['import { proxyActivities }', 'import { proxyActivities, proxyLocalActivities }'],
        [
          'export const device =',
          "export const nearby = proxyLocalActivities<MeterActivities>({ startToCloseTimeout: '5 seconds' });\n\nexport const device =",
        ],
      ],
      [FLOW]: [
        ['await device.readMeter(', 'await nearby.readMeter('],
        ["import { device } from './device';", "import { device, nearby } from './device';"],
      ],
    },
    truths: [
      {
        histories: POLLS,
        event: 'ActivityTaskScheduled readMeter',
        kinds: ['replaced'],
        at: [[FLOW, 'nearby.readMeter(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity moves before a timer',
    kind: 'breaking',
    changes: { [DESK]: [[`${BREAK}\n    ${CLOSE}`, `${CLOSE}\n    ${BREAK}`]] },
    truths: [
      {
        histories: ['desk'],
        event: 'TimerStarted',
        kinds: ['moved'],
        at: [[DESK, 'device.closeTicket(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    // The signal cancels the new timer before it has met an event: it counts for nothing, but the next one gets another id.
    name: 'a timeout for a wait that a signal ends',
    kind: 'breaking',
    changes: {
      [DESK]: [
        [
          'condition(() => !open || waiting.length > 0);',
          "condition(() => !open || waiting.length > 0, '1 hour');",
        ],
      ],
    },
    truths: [
      {
        histories: ['desk'],
        event: 'TimerStarted',
        kinds: ['renamed', 'added'],
        at: [
          [DESK, 'await workflow.sleep('],
          [DESK, 'await workflow.condition('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the clean-up of a cancelled workflow is no longer exempt from cancellation',
    kind: 'breaking',
    changes: { [FLOW]: [['CancellationScope.nonCancellable(', 'CancellationScope.cancellable(']] },
    truths: [
      {
        // The scope is born cancelled: nothing is issued, and the workflow ends.
        histories: ['cancelled'],
        event: 'ActivityTaskScheduled resetMeter',
        kinds: ['removed', 'replaced'],
        at: [[FLOW, 'await sleep(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the input of a signal to another workflow',
    kind: 'drifting',
    changes: {
      [FLOW]: [['.signal(raiseAlarm, { meterId, kw });', '.signal(raiseAlarm, { meterId, kw: kw * 1000 });']],
    },
    truths: [
      {
        histories: ['alarmed'],
        event: 'SignalExternalWorkflowExecutionInitiated',
        kinds: ['drift'],
        at: [[FLOW, '.signal(raiseAlarm']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'input.kw',
      },
    ],
  },
  {
    name: 'the input of the next run',
    kind: 'drifting',
    changes: { [FLOW]: [['({ ...state, total });', '({ ...state, total: 0 });']] },
    truths: [
      {
        histories: ['continued'],
        event: 'WorkflowExecutionContinuedAsNew',
        kinds: ['drift'],
        at: [[FLOW, 'await continueAsNew<']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'input.total',
      },
    ],
  },
  {
    name: 'a TypeError in the predicate of a condition',
    kind: 'throwing',
    changes: { [FLOW]: [[PAUSED, 'await condition(() => !(state as any).settings.paused);']] },
    truths: [
      {
        histories: POLLS,
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.settings.paused']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'two steps change places behind patched()',
    kind: 'safe',
    changes: {
      [DESK]: [
        [
          `${BREAK}\n    ${CLOSE}`,
          `if (workflow.patched('close-at-once')) {\n      ${CLOSE}\n      ${BREAK}\n    } else {\n      ${BREAK}\n      ${CLOSE}\n    }`,
        ],
      ],
    },
    truths: [],
  },
  {
    name: 'a wait for what is so already, and other names',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          'total += await readOnce(state, round);',
          'const reading = await readOnce(state, round);\n      await Promise.resolve();\n      total += reading;',
        ],
        ['(pause) => {\n    paused = pause;', '(wanted) => {\n    paused = wanted;'],
      ],
    },
    truths: [],
  },
];
