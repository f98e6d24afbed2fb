import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedUsesOf } from '../../../lib/versions/patches/changed-uses';
import { commitAll, initRepository } from '../../helpers/git-repository';
import { scratchDirectory } from '../../helpers/replay-cli';
import { callsInCode } from './calls-in-code';

/** Returns `id line kind` of the wrong uses in the last of several texts, each of which is a commit. */
async function usesIn(...texts: string[]): Promise<string[]> {
  const directory = scratchDirectory();
  const path = join(directory, 'workflows.ts');
  initRepository(directory);
  for (const text of texts) {
    writeFileSync(path, text);
    commitAll(directory, 'change');
  }
  const calls = callsInCode(path, texts.at(-1)!);
  const uses = await changedUsesOf(calls);
  return [...uses].flatMap(([id, some]) => some.map(({ kind, place }) => `${id} ${place?.line} ${kind}`));
}

const BEFORE = 'async function order() {\n  await pay();\n  await ship();\n}\n';
const pays = (test: string, now: string, old: string): string =>
  BEFORE.replace(
    '  await pay();',
    `  if (${test}) {\n    await ${now}();\n  } else {\n    await ${old}();\n  }`,
  );

describe('changedUsesOf', () => {
  it('names the call of a later commit whose id another change has', async () => {
    const first = pays("patched('fee')", 'charge', 'pay');
    const second = first.replace('  await ship();', "  if (patched('fee')) await send();\n  await ship();");

    expect(await usesIn(BEFORE, first, second)).toEqual(['fee 7 two changes']);
  });

  it('minds neither calls of one commit nor a line that was only moved', async () => {
    const both = pays("patched('fee')", 'charge', 'pay').replace(
      '  await ship();',
      "  if (patched('fee')) await send();\n  await ship();",
    );

    expect(await usesIn(BEFORE, both)).toEqual([]);
    expect(await usesIn(BEFORE, both, both.replace(/^ {2}/gm, '    '))).toEqual([]);
  });

  it.each([
    ['patched()', "patched('fee')"],
    ['patched() that is negated twice', "!!patched('fee')"],
  ])('names %s whose new code stands in the old branch', async (_, test) => {
    expect(await usesIn(BEFORE, pays(test, 'pay', 'charge'))).toEqual(['fee 2 swapped branches']);
    expect(await usesIn(BEFORE, pays(test, 'charge', 'pay'))).toEqual([]);
  });

  it('follows a negated test', async () => {
    expect(await usesIn(BEFORE, pays("!patched('fee')", 'charge', 'pay'))).toEqual([
      'fee 2 swapped branches',
    ]);
    expect(await usesIn(BEFORE, pays("!patched('fee')", 'pay', 'charge'))).toEqual([]);
  });

  it('knows nothing of code that came with its patch', async () => {
    expect(await usesIn(pays("patched('fee')", 'pay', 'charge'))).toEqual([]);
  });
});
