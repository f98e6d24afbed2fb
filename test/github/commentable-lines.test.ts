import { commentableLines } from '../../src/github/commentable-lines';

it('are the lines of the new version that the diff shows', () => {
  const patch = [
    '@@ -1,3 +1,4 @@ function flow() {',
    ' one',
    '+new',
    ' two',
    '-old',
    '+three',
    '\\ No newline at end of file',
    '@@ -20 +21,2 @@',
    ' twenty',
    '+last',
  ].join('\n');

  const lines = commentableLines([{ filename: 'a.ts', patch }, { filename: 'image.png' }]);

  expect([...lines.get('a.ts')!]).toEqual([1, 2, 3, 4, 21, 22]);
  expect([...lines.get('image.png')!]).toEqual([]);
});
