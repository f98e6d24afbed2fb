import { applySplices, editsBetween } from '../../src/patching/splices';
import { applyEdits } from '../../src/patching/text-edits';

it('applies splices from the last to the first, and insertions at one place in their order', () => {
  const splices = [
    { start: 4, end: 5, text: 'X' },
    { start: 0, end: 0, text: '1' },
    { start: 0, end: 0, text: '2' },
  ];

  expect(applySplices('abcdef', splices)).toBe('12abcdXf');
});

describe('the edits between two texts', () => {
  it.each([
    ['a changed line', 'a\nb\nc', 'a\nx\nc'],
    ['added lines', 'a\nc', 'a\nx\ny\nc'],
    ['lines added at the start and at the end', 'a', 'x\na\ny'],
    ['a removed line', 'a\nb\nc', 'a\nc'],
    ['lines removed at the start and at the end', 'a\nb\nc\nd', 'c'],
    ['several changes', 'a\nb\nc\nd\ne', 'x\nb\nd\ne\ny'],
    ['nothing in common', 'a\nb', 'c'],
  ])('turn one into the other for %s', (_, before, after) => {
    expect(applyEdits(before.split('\n'), editsBetween(before, after))).toBe(after);
  });

  it('are none for equal texts', () => {
    expect(editsBetween('a\nb', 'a\nb')).toEqual([]);
  });
});
