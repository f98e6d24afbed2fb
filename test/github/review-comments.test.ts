import { type CommentedFiles, keyOf, reviewComments } from '../../src/github/review-comments';
import type { FailureGroup, Remedy } from '../../src/model/diagnosis';
import type { SourceEdit } from '../../src/model/source';

const edit = (startLine: number, endLine: number, replacement: string): SourceEdit => ({
  file: 'src/flow.ts',
  startLine,
  endLine,
  replacement,
});

const group = (edits: SourceEdit[], outcome: 'passed' | 'failed' = 'passed'): FailureGroup =>
  ({
    verdict: 'incompatible',
    headline: '`pay` activity is new',
    impact: 'Open runs would be stuck.',
    location: { file: 'src/flow.ts', line: 3, column: 1, function: null },
    remedies: [
      {
        code: 'patch',
        title: "Wrap the change in patched('pay')",
        text: '',
        snippet: 'code',
        edits,
        trial:
          outcome === 'passed' ? { outcome, mended: 2, unchanged: 0, newRun: 'same' } : { outcome, tried: 1 },
      } satisfies Remedy,
    ],
  }) as unknown as FailureGroup;

const TEXT = [
  "import { sleep } from '@temporalio/workflow';",
  'async function flow() {',
  '  await pay();',
  '}',
  '',
];

const files = (...lines: number[]): CommentedFiles => ({
  pathOf: (file) => (file.startsWith('..') ? null : `orders/${file}`),
  textOf: () => TEXT.join('\n'),
  lines: new Map([['orders/src/flow.ts', new Set(lines)]]),
});

describe('comments on the lines of a pull request', () => {
  it('suggest the change that was tried', () => {
    const [comment, ...others] = reviewComments(
      [group([edit(3, 3, "  if (patched('pay')) await pay();")])],
      files(3),
    );

    expect(others).toEqual([]);
    expect(comment).toMatchObject({ path: 'orders/src/flow.ts', line: 3, side: 'RIGHT' });
    expect(comment!.body).toContain("```suggestion\n  if (patched('pay')) await pay();\n```");
    expect(comment!.body).toContain('**incompatible: `pay` activity is new**');
    expect(comment!.body).toContain('Tried: all 2 histories pass with it. A new run takes the new way.');
  });

  it('suggest each part, the largest first, if all of them are in the diff', () => {
    const parts = [edit(1, 1, "import { patched, sleep } from '@temporalio/workflow';"), edit(3, 3, 'a\nb')];

    const comments = reviewComments([group(parts)], files(1, 2, 3, 4));

    expect(comments.map(({ line }) => line)).toEqual([3, 1]);
    expect(comments[1]!.body).toContain('Part 2 of the change');
  });

  it('show the change as code if a part of it is outside of the diff', () => {
    const parts = [edit(1, 1, 'import'), edit(3, 3, 'new')];

    const [comment] = reviewComments([group(parts)], files(3));

    expect(comment!.body).not.toContain('suggestion');
    expect(comment!.body).toContain('```ts\ncode\n```');
  });

  it('take in the neighbour of an insertion, since a suggestion replaces lines', () => {
    const [inner] = reviewComments([group([edit(3, 2, '  await check();')])], files(3));
    const [last] = reviewComments([group([edit(5, 4, 'export { flow as order };')])], files(3, 4));

    expect(inner!.body).toContain('```suggestion\n  await check();\n  await pay();\n```');
    expect(last).toMatchObject({ line: 4 });
    expect(last!.body).toContain('```suggestion\n}\nexport { flow as order };\n```');
  });

  it('begin at the first of several lines', () => {
    const [comment] = reviewComments([group([edit(2, 3, 'x')])], files(2, 3));

    expect(comment).toMatchObject({ start_line: 2, line: 3 });
  });

  it('offer no code that did not pass its trial', () => {
    const [comment] = reviewComments([group([], 'failed')], files(3));

    expect(comment!.body).not.toContain('```suggestion');
  });

  it('leave out a cause whose line is not in the diff', () => {
    expect(reviewComments([group([edit(3, 3, 'x')])], files(1))).toEqual([]);
  });

  it('have a key that depends on what they say', () => {
    const key = (text: string): string | null =>
      keyOf(reviewComments([group([edit(3, 3, text)])], files(3))[0]!.body);

    expect(key('x')).toMatch(/^[0-9a-f]{16}$/);
    expect(key('x')).toBe(key('x'));
    expect(key('x')).not.toBe(key('y'));
  });
});
