import type { CauseSubject } from '../cause/find-causes';
import type { Diagnoser } from '../diagnosis/diagnoser';
import type { FoundCause } from '../model/cause';
import type { ProposedGroup } from '../model/diagnosis';
import type { DiagnosedResult } from '../model/report';

/** The diagnosis of a run. If the diagnoser breaks, the groups are those that the diagnoses alone make. */
export interface RunDiagnosis {
  /** Returns the differences whose cause may be a change of the code. */
  causeSubjects(): Promise<CauseSubject[]>;
  /** Returns the groups of results. `causes` are the changes that make results break, by fingerprint. */
  group(causes?: ReadonlyMap<string, FoundCause>): Promise<ProposedGroup[]>;
}

/** Returns the diagnosis of results. */
export const runDiagnosis = (
  results: readonly DiagnosedResult[],
  diagnoser: () => Promise<Diagnoser | null>,
): RunDiagnosis => ({
  async causeSubjects() {
    try {
      return (await diagnoser())?.causeSubjects(results) ?? [];
    } catch {
      return [];
    }
  },
  async group(causes) {
    try {
      return (await (await diagnoser())?.group(results, causes)) ?? [];
    } catch (err) {
      const { groupsOfDiagnoses } =
        require('../diagnosis/undiagnosed') as typeof import('../diagnosis/undiagnosed');
      return groupsOfDiagnoses(results, err);
    }
  },
});
