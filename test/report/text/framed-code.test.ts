import { brokenCode, framedLines } from '../../../src/report/text/framed-code';

describe('framedLines', () => {
  it('breaks lines of the change between words, and cuts the lines around them', () => {
    const frame = [
      '  11 |   const first = await activities.first({ orderId });',
      '+ 12 |   await activities.second({ orderId, customerId });',
    ].join('\n');

    expect(framedLines(frame, 36)).toEqual([
      '  11 |   const first = await activi…',
      '+ 12 |   await activities.second({',
      '+    |     orderId, customerId });',
    ]);
  });

  it('moves a line to the left until the marked column is in view', () => {
    const frame = [`> 1 | ${'a'.repeat(40)} fail()`, `    | ${' '.repeat(41)}^`].join('\n');

    const [line, pointer] = framedLines(frame, 30);

    expect(line).toMatch(/^> 1 \| …a+ fail\(\)$/);
    expect(line![pointer!.indexOf('^')]).toBe('f');
  });

  it('leaves a frame that fits as it is', () => {
    const frame = '> 1 | fail()\n    | ^';

    expect(framedLines(frame, 30).join('\n')).toBe(frame);
  });
});

describe('brokenCode', () => {
  it('indents the rest of a line a little more', () => {
    expect(brokenCode('  await activities.second({ orderId });', 30)).toEqual([
      '  await activities.second({',
      '    orderId });',
    ]);
  });

  it('keeps a comment a comment', () => {
    expect(brokenCode('  // one two three four', 14)).toEqual(['  // one two', '  // three', '  // four']);
  });
});
