import type { DifferenceKind, RemedyCode } from '../../../src/model/diagnosis';
import type { CodeChanges } from './recording';
import { APPROVALS_EDITS } from './services/approvals/edits';
import { BOOKING_EDITS } from './services/booking/edits';
import { IMPORT_EDITS } from './services/import/edits';
import { METER_EDITS } from './services/meter/edits';
import { ONBOARDING_EDITS } from './services/onboarding/edits';
import { SIGNING_EDITS } from './services/signing/edits';
import { TRANSFER_EDITS } from './services/transfer/edits';
import { VIDEO_EDITS } from './services/video/edits';

/**
 * An edit of a service with the right answer for each of its histories. The answers come from the edit and from
 * Temporal's rules, by hand: the tool's own output has no part in them.
 */
export interface Edit {
  name: string;
  /** Effect that a Temporal expert expects, before any replay. */
  kind: 'breaking' | 'safe' | 'drifting' | 'throwing';
  changes: CodeChanges;
  /** New files, by name. */
  newFiles?: Readonly<Record<string, string>>;
  /** The right answers. Histories without one are compatible. */
  truths: readonly Truth[];
}

/** The right answer for some histories of a service. Of several right answers, the first one is the best. */
export interface Truth {
  histories: readonly string[];
  /**
   * The first recorded event that the commands do not match, or whose content drifted: its type, with the name that the
   * event bears, and `#n` for the n-th of that kind (`ActivityTaskScheduled sendEmail #2`). Null if nothing can be compared.
   */
  event: string | null;
  kinds: readonly DifferenceKind[];
  /**
   * The call that produced the diverging command, in workflow code; for a removed command the call that produced the last
   * command before it, or the start of the function; for an error the line that throws; for drift the call whose content it
   * is. Each line is named by text that no other line of the edited file has. Empty if no line is right.
   */
  at: readonly Place[];
  remedies: readonly RemedyCode[];
  /** Path of the drift; only for drifting edits. */
  path?: string;
}

export type Place = readonly [file: string, text: string];

export const EDITS: Readonly<Record<string, readonly Edit[]>> = {
  transfer: TRANSFER_EDITS,
  onboarding: ONBOARDING_EDITS,
  video: VIDEO_EDITS,
  booking: BOOKING_EDITS,
  approvals: APPROVALS_EDITS,
  meter: METER_EDITS,
  signing: SIGNING_EDITS,
  import: IMPORT_EDITS,
};
