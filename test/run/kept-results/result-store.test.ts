import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type KeptResult,
  ResultStore,
  holdsResults,
  withinLimit,
} from '../../../src/run/kept-results/result-store';
import { scratchDirectory } from '../../helpers/replay-cli';

const kept = (workflowId: string): KeptResult[] => [{ code: 'c', result: { workflowId } as never }];

/** Saves results and returns the file that holds them. */
async function saved(directory: string, entries: Record<string, KeptResult[]>, key = 'key'): Promise<string> {
  const store = new ResultStore(directory, key);
  for (const [hash, results] of Object.entries(entries)) store.add(hash, results);
  await store.save();
  return join(
    directory,
    readdirSync(directory).find((name) => name.includes(key))!,
  );
}

describe('ResultStore', () => {
  it('finds what an earlier run has saved with the same key', async () => {
    const directory = scratchDirectory();
    await saved(directory, { h1: kept('order-1') });

    expect(await new ResultStore(directory, 'key').find('h1')).toEqual(kept('order-1'));
    expect(await new ResultStore(directory, 'key').find('h2')).toBeNull();
    expect(await new ResultStore(directory, 'other').find('h1')).toBeNull();
  });

  it('keeps what another run has saved meanwhile', async () => {
    const directory = scratchDirectory();
    const store = new ResultStore(directory, 'key');
    await store.find('h1');
    await saved(directory, { h1: kept('order-1') });

    store.add('h2', kept('order-2'));
    await store.save();

    const later = new ResultStore(directory, 'key');
    expect([await later.find('h1'), await later.find('h2')]).toEqual([kept('order-1'), kept('order-2')]);
  });

  it.each<[string, (text: string) => string]>([
    ['was cut off', (text) => text.slice(0, -5)],
    ['has another verdict', (text) => text.replace('order-1', 'order-2')],
    ['is empty', () => ''],
  ])('takes a file that %s for none, and replaces it', async (_, damage) => {
    const directory = scratchDirectory();
    const path = await saved(directory, { h1: kept('order-1') });
    writeFileSync(path, damage(readFileSync(path, 'utf8')));

    const found = await new ResultStore(directory, 'key').find('h1');
    await saved(directory, { h1: kept('order-1') });

    expect(found).toBeNull();
    expect(await new ResultStore(directory, 'key').find('h1')).toEqual(kept('order-1'));
  });

  it('leaves a directory alone that cannot be written', async () => {
    const path = join(scratchDirectory(), 'file');
    writeFileSync(path, '');
    const store = new ResultStore(path, 'key');
    store.add('h1', kept('order-1'));

    await expect(store.save()).resolves.toBeUndefined();
  });

  it('writes nothing if it has nothing new', async () => {
    const directory = join(scratchDirectory(), 'cache');

    await new ResultStore(directory, 'key').save();

    expect(holdsResults(directory)).toBe(false);
  });
});

describe('holdsResults', () => {
  it('tells a directory with results from one without', async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, 'empty'));
    await saved(join(directory, 'full'), { h1: kept('order-1') });

    expect(['empty', 'full', 'none'].map((name) => holdsResults(join(directory, name)))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('withinLimit', () => {
  it('drops those that were used least recently', () => {
    const entry = (usedOn: number) => ({ usedOn, results: kept('x'.repeat(100)) });
    const entries = new Map([
      ['old', entry(1)],
      ['new', entry(9)],
      ['middle', entry(5)],
    ]);

    const left = withinLimit(entries, 350);

    expect(left.map(([hash]) => hash)).toEqual(['new', 'middle']);
  });
});
