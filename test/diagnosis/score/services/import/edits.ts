import type { Edit } from '../../edits';

const FLOW = 'catalog.ts';
const CHUNK = 'chunk.ts';
const VALIDATED = ['imported', 'open-children'];
const UNVALIDATED = 'partly-failed-unvalidated';
const ALL = [...VALIDATED, UNVALIDATED];

const VALIDATE = "  if (patched('validate-first')) {\n    await steps.validateFile({ fileId });\n  }\n";
const LOCK = '  await steps.lockCatalog({ fileId });\n';
const BREATH = "    if (done > 0 && done % BREATH_EVERY === 0) await sleep('200 ms');\n";

export const IMPORT_EDITS: readonly Edit[] = [
  {
    name: 'an activity is removed before a local activity',
    kind: 'breaking',
    changes: { [FLOW]: [[LOCK, '']] },
    truths: [
      {
        histories: VALIDATED,
        event: 'ActivityTaskScheduled lockCatalog',
        kinds: ['removed'],
        at: [[FLOW, 'await steps.validateFile(']],
        remedies: ['patch'],
      },
      {
        histories: [UNVALIDATED],
        event: 'ActivityTaskScheduled lockCatalog',
        kinds: ['removed'],
        at: [[FLOW, 'export async function importCatalog(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a patch is removed with its activity',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [VALIDATE, ''],
        ['  patched,\n', ''],
      ],
    },
    truths: [
      {
        histories: VALIDATED,
        event: 'MarkerRecorded validate-first',
        kinds: ['removed'],
        at: [[FLOW, 'export async function importCatalog(']],
        remedies: ['keep-patch'],
      },
    ],
  },
  {
    name: 'a patch is deprecated while runs from before it are left',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [VALIDATE, "  deprecatePatch('validate-first');\n  await steps.validateFile({ fileId });\n"],
        ['  patched,\n', '  deprecatePatch,\n'],
      ],
    },
    truths: [
      {
        histories: [UNVALIDATED],
        event: 'ActivityTaskScheduled lockCatalog',
        kinds: ['added'],
        at: [[FLOW, 'await steps.validateFile(']],
        remedies: ['keep-patch', 'patch'],
      },
    ],
  },
  {
    name: 'a timer is removed from a loop',
    kind: 'breaking',
    changes: { [CHUNK]: [[BREATH, '']] },
    truths: [
      {
        histories: ['chunk'],
        event: 'TimerStarted',
        kinds: ['removed'],
        at: [[CHUNK, 'await writeRow(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a loop pauses less often',
    kind: 'breaking',
    changes: { [CHUNK]: [['BREATH_EVERY = 2;', 'BREATH_EVERY = 3;']] },
    truths: [
      {
        histories: ['chunk'],
        event: 'TimerStarted',
        kinds: ['moved', 'removed'],
        at: [[CHUNK, 'await writeRow(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'another type of child',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        ["startChild<typeof importChunk>('importChunk',", "startChild<typeof importChunk>('importRows',"],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['renamed'],
        at: [[FLOW, 'await startChild<']],
        remedies: ['rename-back', 'patch'],
      },
    ],
  },
  {
    name: 'children are started in parallel',
    kind: 'drifting',
    changes: {
      [FLOW]: [
        [
          '  const children: ChildWorkflowHandle<typeof importChunk>[] = [];\n  for (const chunk of chunks) {\n    const child = await startChild',
          '  const start = async (chunk: Chunk): Promise<ChildWorkflowHandle<typeof importChunk>> =>\n    await startChild',
        ],
        [
          '    });\n    children.push(child);\n  }\n  return children;\n',
          '    });\n  return await Promise.all(chunks.map(start));\n',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'StartChildWorkflowExecutionInitiated #2',
        kinds: ['drift'],
        at: [[FLOW, 'await startChild<']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'earlier',
      },
    ],
  },
  {
    name: 'the parent close policy of children',
    kind: 'drifting',
    changes: { [FLOW]: [['ParentClosePolicy.REQUEST_CANCEL', 'ParentClosePolicy.ABANDON']] },
    truths: [
      {
        histories: ALL,
        event: 'StartChildWorkflowExecutionInitiated',
        kinds: ['drift'],
        at: [[FLOW, 'await startChild<']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'parentClosePolicy',
      },
    ],
  },
  {
    name: 'a workflow type is exported by another name',
    kind: 'throwing',
    changes: { 'workflows.ts': [['default as importChunk', 'default as importRows']] },
    truths: [
      {
        histories: ['chunk'],
        event: null,
        kinds: ['unknown-type'],
        at: [],
        remedies: ['restore-export', 'rename-back'],
      },
    ],
  },
  {
    name: 'an activity becomes another one behind patched()',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          '  else await steps.refreshIndex({ fileId });\n',
          "  else if (patched('rebuild-index')) await (steps as any).rebuildIndex({ fileId });\n  else await steps.refreshIndex({ fileId });\n",
        ],
      ],
    },
    truths: [],
  },
  {
    name: 'the loop of a child is written another way',
    kind: 'safe',
    changes: {
      [CHUNK]: [
        [
          `  for (let done = 0; done < rows; done++) {\n${BREATH}    await writeRow({ fileId, row: firstRow + done });\n  }\n`,
          `  const all = Array.from({ length: rows }, (_, n) => firstRow + n);\n  for (const [done, row] of all.entries()) {\n${BREATH}    await writeRow({ fileId, row });\n  }\n`,
        ],
      ],
    },
    truths: [],
  },
];
