import type { FailureGroup } from '../../model/diagnosis';
import type { SourceLocation } from '../../model/source';
import { SHOWN_DRIFTS, driftText } from './drift-text';
import { placeText } from './place-text';
import { historiesText } from './totals-text';

const SHOWN_TYPES = 20;
const SHOWN_CALLERS = 3;

/** Returns a description of a group in plain lines, for formats without a structure of their own. Each reporter escapes it. */
export function groupText(group: FailureGroup): string {
  const { impact, location, callers, locationNote, drift, remedies } = group;
  const [best] = remedies;
  return [
    `${extentText(group)}.`,
    ...(location ? [`At ${placeText(location)}`] : []),
    ...callerLines(callers),
    ...(locationNote === null ? [] : [locationNote]),
    impact,
    ...drift.slice(0, SHOWN_DRIFTS).map(driftText),
    ...(best ? [`${best.title}: ${best.text}`] : []),
  ].join('\n');
}

/** Returns `500 histories of processOrder (3 open, 2 accepted by the baseline, 1 stuck already)`. */
export function extentText(group: FailureGroup): string {
  const { count, openCount, acceptedCount, existingCount, existedBeforeCount, workflowTypes } = group;
  const types = workflowTypes.length > 0 ? ` of ${listText(workflowTypes)}` : '';
  const parts = [
    ...(openCount > 0 ? [`${openCount} open`] : []),
    ...(acceptedCount > 0 ? [`${acceptedCount} accepted by the baseline`] : []),
    ...(existingCount > 0 ? [`${existingCount} stuck already`] : []),
    ...(existedBeforeCount ? [`${existedBeforeCount} failing before this change`] : []),
  ];
  return `${historiesText(count)}${types}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** Returns `a, b and 3 more`. */
export function listText(names: readonly string[]): string {
  const more = names.length - SHOWN_TYPES;
  const shown = names.slice(0, SHOWN_TYPES).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Returns a line `called from src/orders.ts:7:3 in refund` for each of the innermost callers. */
export const callerLines = (callers: readonly SourceLocation[]): string[] =>
  callers.slice(0, SHOWN_CALLERS).map((caller) => `called from ${placeText(caller)}`);
