import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledScript } from '../../src/util/compiled-script';
import { scratchDirectory } from '../helpers/replay-cli';

const TEXT = 'globalThis.compiledScriptTest = (() => 42)();';

const optionsIn = (directory: string) => ({
  filename: 'bundle.js',
  keptAt: join(directory, 'bundle.js.compiled'),
});

async function keptIn(directory: string): Promise<string> {
  const options = optionsIn(directory);
  const first = await compiledScript(TEXT, options);
  expect(first.wasKept).toBe(false);
  await first.keep();
  return options.keptAt;
}

const run = ({ script }: { script: { runInThisContext(): unknown } }): unknown => script.runInThisContext();

describe('a compiled script', () => {
  it('is taken from the file in which it was kept', async () => {
    const directory = scratchDirectory();
    await keptIn(directory);

    const again = await compiledScript(TEXT, optionsIn(directory));

    expect(again.wasKept).toBe(true);
    expect(run(again)).toBe(42);
  });

  it.each([
    ['a changed byte at its end', (bytes: Buffer) => void (bytes[bytes.length - 1]! ^= 1)],
    ['a changed byte in its middle', (bytes: Buffer) => void (bytes[bytes.length >> 1]! ^= 1)],
    ['another hash', (bytes: Buffer) => void (bytes[0]! ^= 1)],
  ])('is compiled anew if the file has %s', async (_, damage) => {
    const directory = scratchDirectory();
    const path = await keptIn(directory);
    const bytes = readFileSync(path);
    damage(bytes);
    writeFileSync(path, bytes);

    const again = await compiledScript(TEXT, optionsIn(directory));

    expect(again.wasKept).toBe(false);
    expect(run(again)).toBe(42);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['the text itself', Buffer.from(TEXT)],
  ])('is compiled anew from %s', async (_, bytes) => {
    const directory = scratchDirectory();
    writeFileSync(await keptIn(directory), bytes);

    expect((await compiledScript(TEXT, optionsIn(directory))).wasKept).toBe(false);
  });

  it('is compiled anew if the text is another one of the same length', async () => {
    const directory = scratchDirectory();
    const path = await keptIn(directory);
    const other = TEXT.replace('42', '43');

    const again = await compiledScript(other, optionsIn(directory));

    expect(again.wasKept).toBe(false);
    expect(run(again)).toBe(43);
    expect(existsSync(path)).toBe(true);
  });

  it('is compiled anew for other options of Node', async () => {
    const directory = scratchDirectory();
    await keptIn(directory);
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `${before ?? ''} --max-old-space-size=4000`;
    try {
      expect((await compiledScript(TEXT, optionsIn(directory))).wasKept).toBe(false);
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  });

  it('is not kept where nothing can be written', async () => {
    const directory = join(scratchDirectory(), 'missing');
    const script = await compiledScript(TEXT, optionsIn(directory));

    await script.keep();

    expect(existsSync(directory)).toBe(false);
    expect(run(script)).toBe(42);
  });
});
