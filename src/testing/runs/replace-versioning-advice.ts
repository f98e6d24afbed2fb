import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { DiagnosedReport } from '../../model/report';

const IMPACT =
  'The same code did something else when it was run again. A worker runs it again whenever the workflow is not in its cache, ' +
  'such as after a restart, and the run would be stuck from then on.';

const REMEDY: Remedy = {
  code: 'fix-error',
  title: 'Let inputs, results and workflow time alone decide what the code does',
  text: 'It must not depend on workflowInfo().unsafe.isReplaying, nor on state that is kept outside of the workflow.',
  snippet: null,
  edits: [],
  trial: null,
};

/**
 * Replaces the advice to version a change in a report of runs that were replayed against the same code that ran them: no code has
 * changed.
 */
export function replaceVersioningAdvice(report: DiagnosedReport): DiagnosedReport {
  return {
    ...report,
    groups: report.groups.map(replaceGroupAdvice),
    // Workflow types that the runs do not cover are of no interest to a single test.
    summary: { ...report.summary, uncoveredTypes: [] },
  };
}

const replaceGroupAdvice = (group: FailureGroup): FailureGroup => ({
  ...group,
  impact: IMPACT,
  remedies: group.verdict === 'incompatible' ? [REMEDY] : group.remedies,
});
