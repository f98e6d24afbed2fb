export async function charge(cents: number): Promise<string> {
  if (cents > 1_000_000) {
    throw new Error('too much for one charge');
  }
  return `charged ${cents}`;
}
