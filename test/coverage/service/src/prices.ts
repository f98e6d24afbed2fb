/** A helper that workflow code and a plain unit test share. */
export function discounted(cents: number, isMember: boolean): number {
  if (cents <= 0) {
    return 0;
  }
  return isMember ? Math.round(cents * 0.9) : cents;
}
