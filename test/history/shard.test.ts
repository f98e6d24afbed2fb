import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseShard, sourcesOfShard } from '../../src/history/shard';
import { type HistorySource, clusterFile } from '../../src/model/history';
import { scratchDirectory } from '../helpers/replay-cli';

const COUNT = 4;

async function* inTurn(sources: readonly HistorySource[]): AsyncGenerator<HistorySource> {
  for (const source of sources) yield await Promise.resolve(source);
}

/** Returns the names of the sources in each of four parts. */
async function partsOf(sources: readonly HistorySource[], cwd = '/'): Promise<string[][]> {
  const parts: string[][] = [];
  for (let index = 1; index <= COUNT; index++) {
    const part: string[] = [];
    for await (const { file } of sourcesOfShard(inTurn(sources), { index, count: COUNT }, cwd))
      part.push(file);
    parts.push(part);
  }
  return parts;
}

describe('parseShard', () => {
  it('reads the number of the part and the number of parts', () => {
    expect(parseShard('2/5')).toEqual({ index: 2, count: 5 });
  });

  it.each(['', '2', '0/5', '6/5', '1/0', '-1/5', '1.5/2', '1/2/3', 'a/b'])('refuses %j', (text) => {
    expect(() => parseShard(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('sourcesOfShard', () => {
  it('puts every history into one part, and leaves none of the parts empty', async () => {
    const sources = Array.from({ length: 60 }, (_, i) => ({
      file: clusterFile('default', `order-${i}`, `run-${i}`),
    }));

    const parts = await partsOf(sources);

    expect(parts.flat().sort()).toEqual(sources.map(({ file }) => file).sort());
    expect(parts.every((part) => part.length > 5)).toBe(true);
  });

  it('goes by the content of a file, whatever its name and directory are', async () => {
    const [here, there] = [scratchDirectory(), scratchDirectory()];
    for (let i = 0; i < 12; i++) {
      writeFileSync(join(here, `${i}.json`), `{"events":[${i}]}`);
      writeFileSync(join(there, `renamed-${i}.json`), `{"events":[${i}]}`);
    }

    const before = await partsOf(
      Array.from({ length: 12 }, (_, i) => ({ file: `${i}.json` })),
      here,
    );
    const after = await partsOf(
      Array.from({ length: 12 }, (_, i) => ({ file: join(there, `renamed-${i}.json`) })),
    );

    expect(after.map((part) => part.map((file) => /(\d+)\.json/.exec(file)![1]))).toEqual(
      before.map((part) => part.map((file) => /(\d+)\.json/.exec(file)![1])),
    );
  });

  it('goes by the content of a history in memory, whose name is new in each run', async () => {
    const sources = ['a', 'b', 'c', 'd', 'e'].map((text, i) => ({
      file: `memory:${i}`,
      bytes: Buffer.from(text),
    }));

    const parts = await partsOf(sources);
    const again = await partsOf(sources.map(({ bytes }, i) => ({ file: `memory:again-${i}`, bytes })));

    expect(again.map((part) => part.length)).toEqual(parts.map((part) => part.length));
  });

  it('gives a file that cannot be read to one part, which reports it', async () => {
    const parts = await partsOf([{ file: '/nowhere/a.json' }]);

    expect(parts.flat()).toEqual(['/nowhere/a.json']);
  });
});
