import type { Drift } from '../../model/verdict';
import { cut } from '../../util/printable';

/** Number of drifted values of a group that a report shows. */
export const SHOWN_DRIFTS = 5;

const MAX_VALUE_LENGTH = 80;

/** Returns `event 7: input.amount: 5 → "5"`. */
export const driftText = ({ eventId, path, recorded, produced }: Drift): string =>
  path === 'earlier'
    ? `event ${eventId}: issued in an earlier workflow task than recorded`
    : `event ${eventId}: ${path}: ${valueText(recorded)} → ${valueText(produced)}`;

const valueText = (value: unknown): string => cut(JSON.stringify(value) ?? 'nothing', MAX_VALUE_LENGTH);
