import { parseDiff } from '../../src/cause/parse-diff';

const diff = (...lines: string[]): string => lines.join('\n');

describe('parseDiff', () => {
  it('returns the changed lines of every file with the lines before', () => {
    const hunks = parseDiff(
      diff(
        'diff --git a/src/a.ts b/src/a.ts',
        'index 1..2 100644',
        '--- a/src/a.ts',
        '+++ b/src/a.ts',
        '@@ -3 +3,2 @@ export function a() {',
        '-old',
        '+new',
        '+newer',
        '@@ -9,2 +9,0 @@',
        '-gone',
        '-too',
        'diff --git a/src/b c.json b/src/b c.json',
        '--- a/src/b c.json\t',
        '+++ b/src/b c.json\t',
        '@@ -0,0 +1 @@',
        '+{}',
        '\\ No newline at end of file',
        '',
      ),
    );

    expect(hunks).toEqual([
      { file: 'src/a.ts', line: 3, count: 2, before: ['old'] },
      { file: 'src/a.ts', line: 9, count: 0, before: ['gone', 'too'] },
      { file: 'src/b c.json', line: 1, count: 1, before: [] },
    ]);
  });

  it('takes no content for a header', () => {
    const hunks = parseDiff(
      diff(
        '--- a/x.ts',
        '+++ b/x.ts',
        '@@ -1,2 +1,2 @@',
        '--- a/trap.ts',
        '-@@ -1 +1 @@',
        '+++ b/trap.ts',
        '+two',
      ),
    );

    expect(hunks).toEqual([{ file: 'x.ts', line: 1, count: 2, before: ['-- a/trap.ts', '@@ -1 +1 @@'] }]);
  });

  it('names a deleted file, and leaves out a file that git quotes', () => {
    const hunks = parseDiff(
      diff(
        '--- a/gone.ts',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-x',
        '--- "a/q\\"uote.ts"',
        '+++ "b/q\\"uote.ts"',
        '@@ -1 +1 @@',
        '-x',
        '+y',
      ),
    );

    expect(hunks).toEqual([{ file: 'gone.ts', line: 0, count: 0, before: ['x'] }]);
  });
});
