/** Reports made by hand, for tests of functions of a report. */
import { countVerdicts } from '../../../src/run/count-verdicts';
import { messageParts } from '../../../src/model/message';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../../src/model/report';
import type { Verdict } from '../../../src/model/verdict';

export function resultOf(
  workflowId: string,
  verdict: Verdict,
  fields: Partial<DiagnosedResult> = {},
): DiagnosedResult {
  return {
    file: `histories/${workflowId}.json`,
    workflowId,
    runId: `${workflowId}-run`,
    workflowType: 'processOrder',
    verdict,
    events: 10,
    verifiedEvents: 10,
    durationMs: 1,
    drift: [],
    ...fields,
  };
}

export function reportOf(...results: DiagnosedResult[]): DiagnosedReport {
  return {
    schemaVersion: 1,
    status: 'complete',
    summary: {
      ...countVerdicts(results),
      events: 0,
      durationMs: 1,
      uncoveredTypes: [],
    },
    results,
    groups: [],
  };
}

/** Returns a diagnosis of which only the fingerprint matters. */
export const diagnosed = (fingerprint: string): Pick<DiagnosedResult, 'diagnosis'> => ({
  diagnosis: {
    fingerprint,
    kind: 'added',
    headline: '`sendEmail` activity is new',
    headlineParts: messageParts({ own: '`sendEmail` activity is new' }),
    isOpen: false,
    location: null,
    callers: [],
    locationNote: null,
    rows: [],
  },
});

export const CAUSE = '00112233aabbccdd';
export const OTHER_CAUSE = 'ffeeddcc99887766';

export function entryOf(workflowId: string, fields: Partial<BaselineEntry> = {}): BaselineEntry {
  return {
    fingerprint: CAUSE,
    workflowType: 'processOrder',
    workflowId,
    runId: `${workflowId}-run`,
    file: null,
    verdict: 'incompatible',
    headline: null,
    reason: 'drained on Monday',
    expires: '2026-12-31',
    ...fields,
  };
}
