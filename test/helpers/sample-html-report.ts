import { messageParts } from '../../src/model/message';
import { resultError } from '../../src/model/result-error';
import type { FailureGroup } from '../../src/model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../src/model/report';
import type { TimelineEntry } from '../../src/model/timeline';
import { countVerdicts } from '../../src/run/count-verdicts';

const START = Date.UTC(2026, 0, 5, 8, 30);
const DAY = 86_400_000;

interface SampleOptions {
  /** Number of histories that are not compatible. */
  failing?: number;
  /** Text that is added to every string that comes from a history, the code or an error. */
  mark?: string;
  /** Number of entries of each timeline. */
  entries?: number;
}

/** Returns an invented report with three causes, as a run passes it to its reporters. */
export function sampleHtmlReport({
  failing = 9,
  mark = '',
  entries = 14,
}: SampleOptions = {}): DiagnosedReport {
  const results = Array.from({ length: failing }, (_, i) => failingResult(i, mark, entries));
  const green: DiagnosedResult = { ...failingResult(failing, mark, 0), verdict: 'compatible', drift: [] };
  delete green.divergence;
  delete green.diagnosis;
  delete green.timeline;
  return {
    schemaVersion: 1,
    status: 'complete',
    summary: {
      ...countVerdicts([...results, green]),
      events: results.reduce((sum, { events }) => sum + events, 0),
      durationMs: 2345,
      uncoveredTypes: [`archiveOrders${mark}`],
    },
    results: [...results, green],
    groups: CAUSES.flatMap((_, cause) => (results.length > cause ? [group(cause, results, mark)] : [])),
  };
}

const CAUSES = [
  {
    verdict: 'incompatible',
    kind: 'moved',
    type: 'processOrder',
    headline: '`reserveStock` activity now comes after `chargeCard` activity',
  },
  {
    verdict: 'failed',
    kind: 'threw',
    type: 'subscription',
    headline: 'The workflow threw TypeError where it was recorded to go on',
  },
  {
    verdict: 'drifted',
    kind: 'drift',
    type: 'refundOrder',
    headline: '`notify` activity has another `input.amount`',
  },
] as const;

function failingResult(i: number, mark: string, entries: number): DiagnosedResult {
  const cause = i % CAUSES.length;
  const { verdict, kind, type, headline } = CAUSES[cause]!;
  const eventId = 11 + (i % 4) * 6;
  const location = {
    file: `src/workflows/${type}${mark}.ts`,
    line: 42,
    column: 9,
    function: `${type}${mark}`,
  };
  const amount = { amount: 100 + i, note: `note${mark}` };
  return {
    file: `histories/${type}/order-${i}${mark}.json`,
    workflowId: `order-${i}${mark}`,
    runId: `5f1c2d3e-0000-4000-8000-${String(i).padStart(12, '0')}${mark}`,
    workflowType: `${type}${mark}`,
    verdict,
    events: entries * 3 + 2,
    verifiedEvents: eventId - 4,
    durationMs: 12 + i,
    isOpen: i % 2 === 0,
    drift:
      cause === 2
        ? [{ eventId, path: `input.amount${mark}`, recorded: amount, produced: `${i}${mark}` }]
        : [],
    ...(cause === 0 && {
      divergence: {
        eventId,
        recorded: { event: 'ActivityTaskScheduled', name: `reserveStock${mark}` },
        produced: { command: 'ScheduleActivityTask', name: `chargeCard${mark}` },
        location,
        coreMessage: `Activity type of scheduled event does not match${mark}`,
      },
    }),
    ...(cause === 1 && {
      error: resultError({
        code: 'WORKFLOW_TASK_FAILED',
        errorType: 'TypeError',
        foreign: `no property of undefined${mark}\n    at subscription (a.ts:42:9)`,
      }),
    }),
    diagnosis: {
      fingerprint: `f${cause}`,
      kind,
      headline: headline + mark,
      headlineParts: messageParts({ own: headline + mark }),
      isOpen: i % 2 === 0,
      location,
      callers: [],
      locationNote: null,
      rows: rows(eventId, mark),
    },
    timeline: timeline(entries, mark),
  };
}

const rows = (eventId: number, mark: string): FailureGroup['rows'] => [
  {
    op: 'same',
    eventId: eventId - 6,
    recorded: `timer 30d${mark}`,
    produced: `timer 30d${mark}`,
    isDivergence: false,
  },
  {
    op: 'moved',
    eventId,
    recorded: `\`reserveStock${mark}\` activity`,
    produced: `\`chargeCard${mark}\` activity`,
    isDivergence: true,
  },
  {
    op: 'removed',
    eventId: eventId + 6,
    recorded: `\`chargeCard${mark}\` activity`,
    produced: null,
    isDivergence: false,
  },
  {
    op: 'added',
    eventId: null,
    recorded: null,
    produced: `\`reserveStock${mark}\` activity`,
    isDivergence: false,
  },
];

function group(cause: number, results: DiagnosedResult[], mark: string): FailureGroup {
  const { verdict, kind, type, headline } = CAUSES[cause]!;
  const indexes = results.flatMap((_, i) => (i % CAUSES.length === cause ? [i] : []));
  const first = results[indexes[0]!]!;
  return {
    fingerprint: `f${cause}`,
    verdict,
    kind,
    headline: headline + mark,
    headlineParts: messageParts({ own: headline + mark }),
    count: indexes.length,
    openCount: indexes.filter((i) => i % 2 === 0).length,
    acceptedCount: 0,
    existingCount: 0,
    existedBeforeCount: null,
    workflowTypes: [`${type}${mark}`],
    results: indexes,
    examples: indexes.slice(0, 3).map((i) => {
      const { file, workflowId, runId } = results[i]!;
      return { file, workflowId, runId, eventId: 11 };
    }),
    location: first.diagnosis!.location,
    callers: [{ file: `src/workflows/steps${mark}.ts`, line: 7, column: 3, function: `steps${mark}` }],
    locationNote: null,
    issuedAt: null,
    cause: null,
    variants: [],
    codeFrame: [
      `  40 | export async function ${type}(order: Order) {${mark}`,
      '  41 |   await sleep("30 days");',
      '> 42 |   await chargeCard(order);',
      '     |         ^',
      '  43 |   await reserveStock(order);',
      '  44 | }',
    ].join('\n'),
    rows: first.diagnosis!.rows,
    drift: first.drift,
    impact:
      'All runs were open when fetched. Such runs would be stuck after a deploy: their workflow tasks fail and are retried until other code comes.',
    remedies: [
      {
        code: 'patch',
        title: `Guard the change with \`patched('charge-first')\`${mark}`,
        text: `Runs that are open keep the old order, new ones take the new one.${mark}`,
        snippet: `if (patched('charge-first')) {\n  await chargeCard(order);\n} else {\n  await reserveStock(order);\n}${mark}`,
        edits: [],
        trial: { outcome: 'passed', mended: 8, unchanged: 1, newRun: 'same' },
      },
      {
        code: 'version-worker',
        title: 'Deploy it as a new worker version',
        text: 'Open runs stay on the old one.',
        snippet: null,
        edits: [],
        trial: null,
      },
    ],
  };
}

/** Returns a timeline with a month between some events and milliseconds between others. */
function timeline(entries: number, mark: string): TimelineEntry[] {
  const all: TimelineEntry[] = [];
  let id = 2;
  let now = START;
  const add = (
    entry: Partial<TimelineEntry> & Pick<TimelineEntry, 'kind'>,
    events: number,
    ms: number,
  ): void => {
    const eventIds = Array.from({ length: events }, () => id++);
    all.push({
      name: null,
      eventIds,
      startMs: now,
      endMs: now + ms,
      attempts: 0,
      status: 'completed',
      ...entry,
    });
    now += ms;
  };
  const steps: (() => void)[] = [
    () => add({ kind: 'workflowTask' }, 3, 5),
    () => add({ kind: 'timer', name: `30d${mark}` }, 2, 30 * DAY),
    () => add({ kind: 'workflowTask' }, 3, 6),
    () => add({ kind: 'activity', name: `reserveStock${mark}`, attempts: 3, status: 'failed' }, 3, 5),
    () => add({ kind: 'signal', name: `addItem${mark}`, status: 'recorded', endMs: null }, 1, 0),
    () => add({ kind: 'patch', name: `gift-wrap${mark}`, status: 'recorded' }, 1, 0),
    () => add({ kind: 'activity', name: `chargeCard${mark}`, attempts: 1 }, 3, 900),
    () => add({ kind: 'child', name: `shipOrder${mark}`, status: 'open', endMs: null }, 2, 40),
    () => add({ kind: 'update', name: `setAddress${mark}` }, 2, 12),
  ];
  for (let i = 0; i < entries - 1; i++) steps[i % steps.length]!();
  if (entries > 0)
    all.unshift({
      kind: 'workflow',
      name: null,
      eventIds: [1],
      startMs: START - 3,
      endMs: null,
      attempts: 1,
      status: 'open',
    });
  return all;
}
