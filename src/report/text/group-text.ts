import type { DifferenceKind, FailureGroup } from '../../model/diagnosis';
import type { SourceLocation } from '../../model/source';
import { SHOWN_DRIFTS, driftText } from './drift-text';
import { placeText } from './place-text';
import { historiesText } from './totals-text';

const SHOWN_TYPES = 20;
const SHOWN_CALLERS = 3;

/** Returns a description of a group in plain lines, for formats without a structure of their own. Each reporter escapes it. */
export function groupText(group: FailureGroup): string {
  const { impact, location, locationNote, drift, remedies } = group;
  const [best] = remedies;
  return [
    `${extentText(group)}.`,
    ...(location ? [`At ${placeText(location)}`] : []),
    ...(locationNote === null ? [] : [locationNote]),
    ...callLines(group),
    ...variantLines(group),
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

/**
 * Returns the way to a difference: a line `the command is issued at src/orders.ts:9:3 in refund` if the place of the group is
 * not that call, and a line `called from src/orders.ts:7:3 in refund` for each of the innermost callers.
 */
export function callLines(
  group: FailureGroup,
  text: (place: SourceLocation) => string = placeText,
): string[] {
  const { issuedAt, callers } = group;
  return [
    ...(issuedAt ? [`${issuedText(group)} at ${text(issuedAt)}`] : []),
    ...callers.slice(0, SHOWN_CALLERS).map((caller) => `called from ${text(caller)}`),
  ];
}

/** Returns the words for the call that made the difference of a group. */
export const issuedText = ({ kind }: FailureGroup): string => ISSUED[kind] ?? 'the command is issued';

const ISSUED: Partial<Record<DifferenceKind, string>> = {
  threw: 'the error is thrown',
  endless: 'the code was stopped',
  removed: 'the last command before it is issued',
};

const SHOWN_VARIANTS = 3;

/** Returns a line for each of the other differences that the change of a group makes. */
export function variantLines({ variants }: FailureGroup): string[] {
  const more = variants.length - SHOWN_VARIANTS;
  return [
    ...variants.slice(0, SHOWN_VARIANTS).map(({ headline, count, eventId }) => {
      const at = eventId === null ? '' : ` at event ${eventId}`;
      return `${historiesText(count)}${at}: ${headline}`;
    }),
    ...(more > 0 ? [`… and ${more} more differences`] : []),
  ];
}
