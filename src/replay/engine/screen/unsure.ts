import type { SharedChange } from '../../setup';

/**
 * Thrown where the screen cannot tell, so that the history goes to core. It is no error of this package or of the code: the
 * reason is counted, and core decides.
 */
export class Unsure extends Error {
  constructor(
    /** A few words that are the same for all histories with this reason. */
    readonly reason: UnsureReason,
    /** The exact finding, for those who work on the screen. */
    detail = '',
    /** A change that the code has made to what workflows share, if it is known already. */
    readonly sharedChange: SharedChange | null = null,
  ) {
    super(detail === '' ? reason : `${reason}: ${detail}`);
    this.name = 'Unsure';
  }
}

/** The reasons, as the report counts them. */
export type UnsureReason =
  | 'SDK version'
  | 'SDK internals'
  | 'own V8 contexts'
  | 'coverage'
  | 'trace'
  | 'sinks'
  | 'external storage'
  | 'undecoded payload'
  | 'history of another SDK'
  | 'unknown event'
  | 'unknown command'
  | 'unknown flag'
  | 'unusual text'
  | 'unusual number'
  | 'commands do not fit'
  | 'events do not fit'
  | 'workflow task failed'
  | 'local activity not finished'
  | 'update not finished'
  | 'shared state changed'
  | 'not compatible'
  | 'error';
