/** The longest delay of a timer, 24.8 days. Node takes a longer one for 1 ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
