import { messageParts } from '../../src/model/message';
import { resultError } from '../../src/model/result-error';
import type { ComparisonRow, FailureGroup } from '../../src/model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../src/model/report';
import type { SourceLocation } from '../../src/model/source';
import type { Verdict } from '../../src/model/verdict';
import { countVerdicts } from '../../src/run/count-verdicts';

/** Name with the characters that break HTML, Markdown, XML, CSV and workflow commands. */
export const HOSTILE =
  '<script>alert("x")</script> | `tick` ```` @octocat #123 %0A\n::error::x ]]> \u0000\u001b[31m\u202e\ud800 & [a](http://evil.example)';

/** Parts of {@link HOSTILE} that no format may pass on. */
export const UNPRINTABLE = /[^\P{Cc}\n\t]|\p{Cs}|\u202e/u;

export const LOCATION: SourceLocation = {
  file: 'src/workflows.ts',
  line: 12,
  column: 9,
  function: 'processOrder',
};
const CALLER: SourceLocation = { file: 'src/helpers, shared.ts', line: 3, column: 1, function: null };

const ROWS: ComparisonRow[] = [
  {
    op: 'same',
    eventId: 5,
    recorded: '`chargeCard` activity',
    produced: '`chargeCard` activity',
    isDivergence: false,
  },
  {
    op: 'replaced',
    eventId: 11,
    recorded: 'timer 30s',
    produced: `\`${HOSTILE}\` activity`,
    isDivergence: true,
  },
];

const result = (i: number, verdict: Verdict, more: Partial<DiagnosedResult> = {}): DiagnosedResult => ({
  file: `histories/order-${i}.json`,
  workflowId: `order-${i}`,
  runId: `run-${i}`,
  workflowType: 'processOrder',
  verdict,
  events: 20,
  verifiedEvents: verdict === 'compatible' ? 20 : 8,
  durationMs: 4,
  drift: [],
  ...more,
});

const DRIFT = [
  { eventId: 5, path: 'input.card', recorded: 'secret-4111', produced: { number: 'secret-4242' } },
  { eventId: 9, path: 'startToFireTimeout', recorded: '30s', produced: '60s' },
];

/** Results of the report. Their order matters: the groups refer to indexes. */
const RESULTS: DiagnosedResult[] = [
  result(0, 'compatible'),
  ...Array.from({ length: 500 }, (_, i) =>
    result(i + 1, 'incompatible', {
      divergence: { eventId: 11, recorded: null, produced: null, location: LOCATION, coreMessage: null },
    }),
  ),
  result(501, 'failed', {
    file: HOSTILE,
    workflowId: HOSTILE,
    runId: HOSTILE,
    workflowType: HOSTILE,
    error: resultError({ code: 'WORKFLOW_TASK_FAILED', foreign: HOSTILE }),
  }),
  result(502, 'timeout', {
    workflowType: 'loop',
    error: resultError({ code: 'TIMEOUT', own: 'Not done within 2 s.' }),
    accepted: { reason: 'ticket 7', expires: null },
  }),
  result(503, 'invalid', {
    workflowId: null,
    runId: null,
    workflowType: null,
    events: 0,
    error: resultError({ code: 'NOT_JSON', own: 'Not JSON.' }),
  }),
  result(504, 'drifted', { drift: DRIFT }),
];

const HEADLINE = 'Something differs';

function group(verdict: Verdict, results: number[], more: Partial<FailureGroup>): FailureGroup {
  const members = results.map((i) => RESULTS[i]!);
  return {
    fingerprint: `fingerprint-${verdict}`,
    verdict,
    kind: 'replaced',
    headline: HEADLINE,
    count: results.length,
    openCount: 0,
    acceptedCount: 0,
    existingCount: 0,
    existedBeforeCount: null,
    workflowTypes: [...new Set(members.flatMap(({ workflowType }) => workflowType ?? []))],
    results,
    examples: members
      .slice(0, 3)
      .map(({ file, workflowId, runId }) => ({ file, workflowId, runId, eventId: 11 })),
    location: null,
    callers: [],
    locationNote: null,
    issuedAt: null,
    cause: null,
    variants: [],
    codeFrame: null,
    rows: [],
    drift: [],
    impact: 'Open runs would be stuck.',
    remedies: [],
    ...more,
    headlineParts: messageParts({ own: more.headline ?? HEADLINE }),
  };
}

/** A report with every verdict, groups with and without a place, 500 results in one group, and hostile text wherever a history can put it. */
export const SAMPLE: DiagnosedReport = {
  schemaVersion: 1,
  status: 'complete',
  summary: {
    ...countVerdicts(RESULTS),
    durationMs: 1500,
    uncoveredTypes: ['refundOrder'],
  },
  results: RESULTS,
  groups: [
    group(
      'incompatible',
      Array.from({ length: 500 }, (_, i) => i + 1),
      {
        headline: '`reserveStock` activity now stands where `timer 30s` was recorded',
        openCount: 3,
        location: LOCATION,
        callers: [CALLER],
        codeFrame: '> 12 |   await reserveStock(`a`);',
        rows: ROWS,
        remedies: [
          {
            code: 'patch',
            title: 'Guard the change with `patched()`',
            text: 'Old runs keep the old branch.',
            snippet: "if (patched('reserve-stock')) {\n}",
            edits: [],
            trial: { outcome: 'passed', mended: 500, unchanged: 0, newRun: 'unplayed' },
          },
        ],
      },
    ),
    group('failed', [501], { kind: 'threw', headline: HOSTILE, locationNote: HOSTILE, codeFrame: HOSTILE }),
    group('timeout', [502], { kind: 'endless', acceptedCount: 1, headline: 'The replay does not end' }),
    group('invalid', [503], { kind: 'unreadable', headline: 'The file is not JSON' }),
    group('drifted', [504], { kind: 'drift', headline: 'Other content', location: CALLER, drift: DRIFT }),
  ],
};

/** Returns a report with this number of groups of one kind, each with its own headline. */
export const manyGroups = (count: number): DiagnosedReport => ({
  ...SAMPLE,
  groups: Array.from({ length: count }, (_, i) =>
    group('incompatible', [1], {
      headline: `cause ${i} ends`,
      location: LOCATION,
      codeFrame: 'x'.repeat(900),
    }),
  ),
});
