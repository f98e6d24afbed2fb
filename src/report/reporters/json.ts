import type { CauseVariant, FailureGroup } from '../../model/diagnosis';
import type { DiagnosedResult, RunNote } from '../../model/report';
import type { ReporterFactory } from '../reporter';
import { guarded } from '../text/guarded';
import { jsonText } from '../text/json-text';

/** Writes the report as JSON. `schemas/report.schema.json` describes it. */
export const json: ReporterFactory = (screen) => ({
  onEnd: ({ notes, ...report }) =>
    screen.document(
      `${jsonText({ ...report, results: report.results.map(writable(published, resultInstead)), groups: report.groups.map(writable(publishedGroup, groupInstead)), ...(notes && { notes: notes.map(publishedNote) }) }, 2)}\n`,
    ),
});

/** Returns a function that gives `instead` for what cannot be written, which would take the whole report with it. */
const writable =
  <Given, Written>(
    written: (given: Given) => Written,
    instead: (given: Given, reason: string) => Written,
  ): ((given: Given) => Written) =>
  (given) =>
    guarded(
      () => {
        const part = written(given);
        JSON.stringify(part);
        return part;
      },
      (reason) => instead(given, reason),
    );

const resultInstead = (result: DiagnosedResult, message: string): Published => {
  const { file, workflowId, runId, workflowType, verdict, events, verifiedEvents, durationMs } = result;
  const known = { file, workflowId, runId, workflowType, verdict, events, verifiedEvents, durationMs };
  return { ...known, drift: [], error: { code: 'INTERNAL_ERROR', message } };
};

const groupInstead = (group: FailureGroup, headline: string): PublishedGroup => ({
  ...publishedGroup(group),
  ...{ headline, examples: [], location: null, callers: [], locationNote: null, codeFrame: null },
  ...{ issuedAt: null, cause: null, variants: [], rows: [], drift: [], impact: '', remedies: [] },
});

type PublishedGroup = Omit<FailureGroup, 'headlineParts' | 'variants'> & {
  variants: Omit<CauseVariant, 'headlineParts'>[];
};
type Published = Omit<DiagnosedResult, 'error' | 'diagnosis' | 'timeline' | 'comparison' | 'history'> & {
  error?: { code: string; message: string };
};

/** Returns the published part of a result. Its diagnosis is in the groups, once for each cause. */
function published({
  diagnosis: _,
  timeline: __,
  comparison: ___,
  history: ____,
  error,
  ...rest
}: DiagnosedResult): Published {
  return { ...rest, ...(error && { error: { code: error.code, message: error.message } }) };
}

const publishedNote = ({ parts: _, ...rest }: RunNote): Omit<RunNote, 'parts'> => rest;

const publishedGroup = ({ headlineParts: _, variants, ...rest }: FailureGroup): PublishedGroup => ({
  ...rest,
  variants: variants.map(({ headlineParts: __, ...variant }) => variant),
});
