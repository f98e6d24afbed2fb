import type { Edit } from '../../edits';

const FLOW = 'pipeline.ts';
const TRANSCODE = 'transcode.ts';
const READY = ['published', 'captioned'];
const ALL = [...READY, 'codec-broken', 'open-encoding'];

export const VIDEO_EDITS: readonly Edit[] = [
  {
    name: 'an activity is added three calls deep, in another file',
    kind: 'breaking',
    changes: {
      [TRANSCODE]: [
        [
          '  const task = { videoId, profile };',
          '  await media.analyse({ videoId });\n  const task = { videoId, profile };',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled encode',
        kinds: ['added'],
        at: [[TRANSCODE, 'await media.analyse(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'one more branch of a Promise.all',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          'job.captions ? captionInTime(source) : false,',
          'job.captions ? captionInTime(source) : false,\n      media.makePreview({ videoId }),',
        ],
      ],
    },
    truths: [
      {
        histories: ['published'],
        event: 'ActivityTaskScheduled publish',
        kinds: ['added'],
        at: [[FLOW, 'media.makePreview(']],
        remedies: ['patch'],
      },
      {
        histories: ['captioned'],
        event: 'TimerCanceled',
        kinds: ['added'],
        at: [[FLOW, 'media.makePreview(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the timer of a Promise.race is removed',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        ["    const tooLate = sleep('20 minutes').then(() => false);\n", ''],
        ['await Promise.race([captions, tooLate])', 'await captions'],
      ],
    },
    truths: [
      {
        histories: ['captioned'],
        event: 'TimerStarted',
        kinds: ['removed'],
        at: [[FLOW, 'media.transcribe(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'larger batches',
    kind: 'breaking',
    changes: { [TRANSCODE]: [['PARALLEL_ENCODERS = 2;', 'PARALLEL_ENCODERS = 3;']] },
    truths: [
      {
        histories: ['captioned', 'open-encoding'],
        event: 'ActivityTaskScheduled checkQuality',
        kinds: ['moved', 'added'],
        at: [[TRANSCODE, 'await media.encode(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is removed from a finally',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          'await CancellationScope.nonCancellable(() => media.cleanUp({ videoId }));',
          "log.info('done', { videoId });",
        ],
      ],
    },
    truths: [
      {
        histories: READY,
        event: 'ActivityTaskScheduled cleanUp',
        kinds: ['removed'],
        at: [[FLOW, 'await media.publish(']],
        remedies: ['patch'],
      },
      {
        histories: ['codec-broken'],
        event: 'ActivityTaskScheduled cleanUp',
        kinds: ['removed'],
        at: [[TRANSCODE, 'await media.checkQuality(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an early return',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          '  try {\n    const renditions',
          '  if (source.durationSeconds < 120) return { videoId, renditions: 0, captioned: false };\n  try {\n    const renditions',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled encode',
        kinds: ['removed', 'replaced', 'added'],
        at: [
          [FLOW, 'source.durationSeconds < 120'],
          [FLOW, 'await media.download('],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a TypeError that a finally answers with an activity',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        ['atSeconds: Math.round(durationSeconds * position)', 'atSeconds: (position as any).frame.seconds'],
      ],
    },
    truths: [
      {
        histories: READY,
        event: 'ActivityTaskScheduled makeThumbnail',
        kinds: ['replaced', 'renamed', 'moved', 'removed'],
        at: [[FLOW, 'media.cleanUp(']],
        remedies: ['patch', 'fix-error'],
      },
    ],
  },
  {
    name: 'the heartbeat timeout',
    kind: 'drifting',
    changes: { 'media.ts': [["heartbeatTimeout: '30 seconds'", "heartbeatTimeout: '1 minute'"]] },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled download',
        kinds: ['drift'],
        at: [[FLOW, 'await media.download(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'heartbeatTimeout',
      },
    ],
  },
  {
    name: 'the input of activities in a map()',
    kind: 'drifting',
    changes: { [FLOW]: [['[0.1, 0.5]', '[0.2, 0.5]']] },
    truths: [
      {
        histories: READY,
        event: 'ActivityTaskScheduled makeThumbnail',
        kinds: ['drift'],
        at: [[FLOW, 'media.makeThumbnail(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'input.atSeconds',
      },
    ],
  },
  {
    name: 'a TypeError in an arrow function, after a local activity',
    kind: 'throwing',
    changes: { [FLOW]: [['if (!allowed) throw', "if (!(allowed as any).regions.includes('eu')) throw"]] },
    truths: [
      {
        histories: ALL,
        event: null,
        kinds: ['threw'],
        at: [[FLOW, '.regions.includes(']],
        remedies: ['fix-error'],
      },
    ],
  },
  {
    name: 'a module that is not there',
    kind: 'throwing',
    changes: { [FLOW]: [["from './transcode';", "from './transcoding';"]] },
    truths: [{ histories: ALL, event: null, kinds: ['bundle'], at: [], remedies: ['fix-bundle'] }],
  },
  {
    name: 'a loop is written another way, and a helper is extracted',
    kind: 'safe',
    changes: {
      'batches.ts': [
        [
          '  for (let start = 0; start < items.length; start += size) {\n    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));\n  }\n',
          '  const left = [...items];\n  while (left.length > 0) {\n    const batch = await Promise.all(left.splice(0, size).map((item) => work(item)));\n    results.push(...batch);\n  }\n',
        ],
      ],
      [TRANSCODE]: [
        [
          "  if (!ok) throw ApplicationFailure.nonRetryable(`Bad quality of ${profile}`, 'BadQuality');\n",
          '  requireQuality(ok, profile);\n',
        ],
        [
          'const encodeWith = async',
          "const requireQuality = (ok: boolean, profile: string): void => {\n  if (!ok) throw ApplicationFailure.nonRetryable(`Bad quality of ${profile}`, 'BadQuality');\n};\n\nconst encodeWith = async",
        ],
      ],
    },
    truths: [],
  },
];
