import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causePlace } from '../../src/diagnosis/cause-place';
import type { Cause, FileHunk } from '../../src/model/cause';
import { BundledSources } from '../../src/source/bundled-sources';
import { scratchDirectory } from '../helpers/replay-cli';

const CODE = `import { b } from './b';
import { c } from './c';
// A comment.

const LIMIT = 3;
export async function flow() {
  await b(LIMIT);
  await c();
}
`;

const causeOf = (...hunks: FileHunk[]): Cause => ({ proven: true, since: 'abc', hunks, packages: [] });

describe('causePlace', () => {
  const sources = new BundledSources([]);
  let file = '';
  beforeAll(() => {
    file = join(scratchDirectory(), 'flow.ts');
    writeFileSync(file, CODE);
  });
  const call = (line: number) => ({ file, line, column: 3, function: 'flow' });

  it('is the innermost call that was changed', () => {
    const hunk = { file, line: 6, count: 3, before: [] };

    expect(causePlace(causeOf(hunk), [call(7), call(8)], sources)).toEqual({ location: call(7), hunk });
  });

  it('is the first changed line of code if no call was changed', () => {
    const hunk = { file, line: 2, count: 4, before: [] };

    const place = causePlace(causeOf(hunk), [call(8)], sources);

    expect(place?.location).toEqual({ file, line: 5, column: 1, function: null });
  });

  it('is the changed line of a function that was moved to another file as well', () => {
    const other = join(scratchDirectory(), 'steps.ts');
    const moved = ['export async function flow() {', '  await b(LIMIT);', '  await c();', '}'];
    writeFileSync(other, moved.join('\n').replace('c()', 'd()'));
    const removed = { file, line: 5, count: 0, before: moved };
    const added = { file: other, line: 1, count: 4, before: [] };
    const at = { file: other, line: 2, column: 3, function: 'flow' };

    const inKnownFile = causePlace(causeOf(removed, added), [at], sources);
    const inNewFile = causePlace(causeOf(removed), [at], sources);

    expect([inKnownFile?.location, inNewFile?.location]).toEqual(
      Array(2).fill({ file: other, line: 3, column: 3, function: 'flow' }),
    );
  });

  it('is the line before code that was removed, rather than where it came to', () => {
    const added = { file, line: 8, count: 1, before: [] };
    const removed = { file, line: 6, count: 0, before: ['  await c();'] };

    const place = causePlace(causeOf(added, removed), [], sources);

    expect(place).toEqual({ location: { file, line: 6, column: 1, function: 'flow' }, hunk: removed });
  });
});
