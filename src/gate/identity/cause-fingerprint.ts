import { createHash } from 'node:crypto';
import type { DiagnosedResult } from '../../model/report';

/**
 * Returns the fingerprint of a failure's cause, which is the same from run to run. Without a diagnosis it is a hash of the verdict,
 * the workflow type, the error code, the diverging commands and the paths of the drift.
 *
 * @returns 16 hex digits
 */
export function causeFingerprint(result: DiagnosedResult): string {
  if (result.diagnosis) return result.diagnosis.fingerprint;
  const { verdict, workflowType, error, divergence, drift } = result;
  const cause = [
    verdict,
    workflowType,
    error?.code ?? null,
    divergence?.recorded ?? null,
    divergence?.produced ?? null,
    [...new Set(drift.map(({ path }) => path))].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(cause)).digest('hex').slice(0, 16);
}
