import { createHash } from 'node:crypto';
import type { ProposedGroup } from '../model/diagnosis';
import { composeMessage } from '../model/message';
import { ownFaultParts } from '../model/own-fault';
import type { DiagnosedResult } from '../model/report';
import type { HistoryResult } from '../model/verdict';
import { groupOfDiagnoses } from './plain-group';

/** Returns a result that keeps its verdict although its diagnosis threw: the diagnosis says so in place of a cause. */
export function undiagnosed(result: HistoryResult, isOpen: boolean, err: unknown): DiagnosedResult {
  const headlineParts = ownFaultParts(`${result.verdict}, but the diagnosis broke off:`, err);
  const parts = [result.verdict, 'internal', headlineParts.errorType, result.workflowType];
  return {
    ...result,
    diagnosis: {
      fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16),
      kind: 'internal',
      headline: composeMessage(headlineParts),
      headlineParts,
      isOpen,
      location: null,
      callers: [],
      locationNote: 'The verdict does not depend on the diagnosis.',
      rows: [],
    },
  };
}

/** Groups results by the fingerprints of their diagnoses, without a look at the sources. */
export function groupsOfDiagnoses(results: readonly DiagnosedResult[], err: unknown): ProposedGroup[] {
  return indexesByCause(results).map((indexes) => groupOfDiagnoses(indexes, results, err));
}

/** Returns the indexes of the results of each cause. */
export function indexesByCause(results: readonly DiagnosedResult[]): number[][] {
  const members = new Map<string, number[]>();
  results.forEach(({ diagnosis }, i) => {
    if (diagnosis) members.set(diagnosis.fingerprint, [...(members.get(diagnosis.fingerprint) ?? []), i]);
  });
  return [...members.values()];
}
