import type { HistoryResult } from '../../../src/model/verdict';
import { openScreen } from '../../../src/report/screen';
import { LiveLine } from '../../../src/report/text/live-line';

let drawn: string[];
let line: LiveLine;

beforeEach(() => {
  jest.useFakeTimers();
  drawn = [];
  const screen = openScreen(
    { out: () => undefined, err: (text) => void drawn.push(text.replace('\r\u001b[2K', '')) },
    { isTerminal: true, color: false, errColumns: 60 },
  );
  line = new LiveLine(screen);
});
afterEach(() => {
  line.clear();
  jest.useRealTimers();
});

const result = { verdict: 'compatible', events: 100, durationMs: 10 } as HistoryResult;

describe('LiveLine', () => {
  it('says for how long it has done something that takes long', () => {
    line.begin('bundling orders …');
    jest.advanceTimersByTime(3_000);

    expect(drawn).toEqual([
      'bundling orders …',
      'bundling orders …',
      'bundling orders … 2 s',
      'bundling orders … 3 s',
    ]);
  });

  it('goes on while no history ends', () => {
    line.begin('bundling …');
    line.update(result, { done: 1, total: 10 });
    const before = drawn.length;
    jest.advanceTimersByTime(2_000);

    expect(drawn.slice(before)).toHaveLength(2);
    expect(drawn.at(-1)).toMatch(/^1\/10 histories · [\d,]+ events\/s$/);
  });

  it('counts the histories that are not compatible', () => {
    line.update({ ...result, verdict: 'incompatible' }, { done: 1, total: 10 });

    expect(drawn.at(-1)).toContain('1/10 histories · 1 not compatible · ');
  });

  it('is erased for good', () => {
    line.begin('bundling …');
    line.clear();
    jest.advanceTimersByTime(5_000);

    expect(drawn).toEqual(['bundling …', '']);
  });
});
