import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { DiagnosedReport } from '../../model/report';

const IMPACT =
  'The code is that of the test: it did one thing when it ran and another when it was run again. A worker runs it again ' +
  'whenever the workflow is not in its memory, such as after a restart, and the run would be stuck from then on.';

const REMEDY: Remedy = {
  code: 'fix-error',
  title: 'Let inputs, results and workflow time alone decide what the code does',
  text: 'Not workflowInfo().unsafe.isReplaying, nor what is kept outside of the workflow.',
  snippet: null,
  edits: [],
};

/** A report of runs that were replayed against the very code that ran them: there is no change to version. */
export function replaceVersioningAdvice(report: DiagnosedReport): DiagnosedReport {
  return {
    ...report,
    groups: report.groups.map(replaceGroupAdvice),
    // What else the code has is not the question of one test.
    summary: { ...report.summary, uncoveredTypes: [] },
  };
}

const replaceGroupAdvice = (group: FailureGroup): FailureGroup => ({
  ...group,
  impact: IMPACT,
  remedies: group.verdict === 'incompatible' ? [REMEDY] : group.remedies,
});
