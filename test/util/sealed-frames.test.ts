import { randomBytes } from 'node:crypto';
import { serialize } from 'node:v8';
import { FrameReader, FrameWriter, SECRET_BYTES } from '../../src/util/sealed-frames';

const SECRET = randomBytes(SECRET_BYTES);

/** Returns what a reader makes of chunks of bytes. */
function readOf(chunks: readonly Buffer[]): { values: unknown[]; broken: number } {
  const values: unknown[] = [];
  let broken = 0;
  const reader = new FrameReader(SECRET, 'from-child', {
    value: (value) => void values.push(value),
    broken: () => void broken++,
  });
  for (const chunk of chunks) reader.read(chunk);
  return { values, broken };
}

const framesOf = (...values: unknown[]): Buffer[] => {
  const writer = new FrameWriter(SECRET, 'from-child');
  return values.map((value) => writer.frame(value));
};

const bytewise = (buffer: Buffer): Buffer[] => [...buffer].map((byte) => Buffer.from([byte]));

describe('sealed frames', () => {
  const VALUES = [null, { a: new Uint8Array([1, 2]) }, 'x'.repeat(100_000)];

  it.each([
    ['one by one', framesOf(...VALUES)],
    ['all at once', [Buffer.concat(framesOf(...VALUES))]],
    ['byte by byte', bytewise(Buffer.concat(framesOf(null, { a: new Uint8Array([1, 2]) })))],
  ])('are read as they were written, %s', (_, chunks) => {
    const { values, broken } = readOf(chunks);

    expect(values).toEqual(VALUES.slice(0, values.length));
    expect(values.length).toBeGreaterThan(1);
    expect(broken).toBe(0);
  });

  const unsealed = (): Buffer => {
    const body = serialize('forged');
    const head = Buffer.alloc(36);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, body]);
  };
  const otherSecret = new FrameWriter(randomBytes(SECRET_BYTES), 'from-child').frame('forged');
  const otherDirection = new FrameWriter(SECRET, 'to-child').frame('forged');
  const [good] = framesOf('good') as [Buffer];
  const changed = Buffer.from(good);
  changed[changed.length - 1]! ^= 1;

  it.each([
    ['without a seal', [unsealed()]],
    ['with the seal of another secret', [otherSecret]],
    ['of the other direction', [otherDirection]],
    ['that is changed', [changed]],
    ['of four gigabytes', [Buffer.alloc(64, 255)]],
    ['that comes twice', [good, good]],
    ['of noise', [Buffer.from('x'.repeat(10_000))]],
  ])('that begin with one %s are broken, once', (_, chunks) => {
    const { values, broken } = readOf([...chunks, ...framesOf('later')]);

    expect(values).not.toContain('forged');
    expect(values.length).toBeLessThanOrEqual(1);
    expect(broken).toBe(1);
  });
});
