import { labelOfHistory } from '../model/history';
import { type ShapeStep, hashOfSteps, stepsOf } from '../temporal/shape';
import type { DecodedHistory } from './decode';
import { identityOf } from '../temporal/identity';

/** The shape of a history, as `replay show --shape --json` prints it (schemas/shape.schema.json). */
export interface ShapeOverview {
  schemaVersion: 1;
  /** The file; `file#2` for the second history in it. */
  file: string;
  workflowType: string | null;
  /** Hash of the workflow type's way through the code, as the report of a run has it. */
  shape: string;
  steps: ShapeStep[];
}

type Decoded = Extract<DecodedHistory, { history: object }>;

export function shapeOverviewOf(decoded: Decoded): ShapeOverview {
  const steps = stepsOf(decoded.history.events ?? []);
  const { workflowType } = identityOf(decoded.history, decoded);
  const file = labelOfHistory(decoded.reference);
  return { schemaVersion: 1, file, workflowType, shape: hashOfSteps(steps), steps };
}
