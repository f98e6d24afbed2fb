const HIGHEST = 7;

/** Returns a retry state as core reads it: one that it does not know is the unspecified one. */
export const retryStateOf = (state: number | null | undefined): number =>
  state != null && state >= 0 && state <= HIGHEST ? state : 0;

export const NON_RETRYABLE_FAILURE = 2;
export const CANCEL_REQUESTED = 7;
