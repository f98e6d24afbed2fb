/**
 * Returns the seed of the random numbers of a run as core derives it from the id of the run (`str_to_randomness_seed`): Rust's
 * SipHash 1-3 of the text, with the byte 0xff after it.
 */
export function seedOf(runId: string): { low: number; high: number } {
  const text = Buffer.from(runId);
  const length = text.length + 1;
  const padded = Buffer.alloc((Math.floor(length / 8) + 1) * 8);
  text.copy(padded);
  padded[text.length] = 0xff;
  padded[padded.length - 1] = length & 0xff;
  const state = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at);
    state[3]! ^= word;
    round(state);
    state[0]! ^= word;
  }
  state[2]! ^= 0xffn;
  for (let i = 0; i < 3; i++) round(state);
  const hash = state[0]! ^ state[1]! ^ state[2]! ^ state[3]!;
  return { low: Number(hash & 0xffffffffn), high: Number(hash >> 32n) };
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, bits: bigint): bigint => u64((value << bits) | (value >> (64n - bits)));

function round(state: bigint[]): void {
  let [a, b, c, d] = state as [bigint, bigint, bigint, bigint];
  a = u64(a + b);
  b = rotated(b, 13n) ^ a;
  a = rotated(a, 32n);
  c = u64(c + d);
  d = rotated(d, 16n) ^ c;
  a = u64(a + d);
  d = rotated(d, 21n) ^ a;
  c = u64(c + b);
  b = rotated(b, 17n) ^ c;
  c = rotated(c, 32n);
  [state[0], state[1], state[2], state[3]] = [a, b, c, d];
}
